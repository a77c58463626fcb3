import { capabilitiesOf, offers } from './capabilities.ts';
import { replyCode } from './codes.ts';
import { ask, type Session } from './effect.ts';
import { localFailure, refusal } from './failure.ts';
import type { SessionState } from './state.ts';
import { lineFault, xtext } from './syntax.ts';

/**
 * XCLIENT (Postfix's XCLIENT_README): tells a server that trusts this client whom to take it for. The server greets
 * anew, and wants EHLO again. Values are xtext; `[UNAVAILABLE]` and `[TEMPUNAVAIL]` stand as they are.
 */
export function* xclient(state: SessionState, attributes: Readonly<Record<string, string>>): Session<void> {
  if (!offers(state.capabilities, 'XCLIENT'))
    throw localFailure('ehlo', 'extension-missing', { ...state.details, extension: 'XCLIENT' });
  const offered = new Set((state.capabilities.keywords.get('XCLIENT') ?? []).map((name) => name.toUpperCase()));
  const words: string[] = [];
  for (const [key, value] of Object.entries(attributes)) {
    const name = key.toUpperCase();
    if (!/^[A-Z]+$/.test(name)) throw localFailure('ehlo', 'unsafe-argument', { field: 'XCLIENT', fault: 'name' });
    const fault = lineFault(value);
    if (fault !== undefined) throw localFailure('ehlo', 'unsafe-argument', { field: `XCLIENT ${name}`, fault });
    if (!offered.has(name))
      throw localFailure('ehlo', 'extension-missing', { ...state.details, extension: `XCLIENT ${name}` });
    words.push(`${name}=${/^\[(?:UN|TEMP)[A-Z]+\]$/.test(value) ? value : xtext(value)}`);
  }
  const said = yield* ask({ verb: 'XCLIENT', argument: words.join(' '), step: 'ehlo' });
  if (said.code !== replyCode.ready) throw refusal('ehlo', said, state.details);
  state.greeting = said;
  state.capabilities = capabilitiesOf({ code: 250, lines: [], full: [] });
}
