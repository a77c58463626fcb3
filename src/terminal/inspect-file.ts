import type { ByteSource } from '../base/source.ts';
import { builtSource } from '../inspect/check-source.ts';
import { checkNames } from '../inspect/checks/problems.ts';
import { type ReachPorts, reachLinks } from '../inspect/checks/reach.ts';
import { findingsOf } from '../inspect/findings.ts';
import { finishedSource } from '../inspect/finished-source.ts';
import type { Finding } from '../inspect/formats.ts';
import { defaultClients, type InspectOptions, inOrder, inspectMessage } from '../inspect/inspect-message.ts';
import { readMessage } from '../inspect/read.ts';
import type { Composed } from '../send/composed.ts';
import type { ReviewSettings } from '../send/reviewed.ts';
import { notToldBefore, reviewedHtml } from '../send/reviewed-html.ts';
import { htmlSentence } from '../send/sentences/html.ts';
import { usage } from './usage.ts';

/** Octets of a message that are looked at: what is behind them is an attachment. */
const MOST = 16 * 1024 * 1024;

export interface InspectChoices extends Required<InspectOptions> {
  /** Given where links are to be asked for too. */
  readonly reach?: ReachPorts;
}

/** The switches: those of the project's settings (`mailbench.check.*`), and above them the command line's. */
export function inspectChoices(
  settings: Readonly<Record<string, unknown>>,
  clients: string | undefined,
  skipped: readonly string[],
): InspectChoices {
  for (const name of skipped) {
    if (!(checkNames as readonly string[]).includes(name)) {
      throw usage('check', `--skip is one of ${checkNames.join(', ')}, not "${name}"`);
    }
  }
  const checks = Object.fromEntries(
    checkNames.map((name) => [name, settings[`mailbench.check.${name}`] !== false && !skipped.includes(name)]),
  );
  const written = settings['mailbench.check.clients'];
  const configured = Array.isArray(written) ? written.filter((each): each is string => typeof each === 'string') : [];
  const given = clients?.split(/[\s,]+/).filter(Boolean);
  return { checks, clients: given ?? (configured.length > 0 ? configured : defaultClients) };
}

/**
 * What *Check Message* finds in the message that a document becomes, beyond what the document's own problems say; nothing
 * where its errors leave no message.
 */
export async function inspectFile(
  file: string,
  text: string,
  composed: Composed,
  choices: InspectChoices & Pick<ReviewSettings, 'severity'>,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  if (!composed.message) return [];
  const view = await readMessage(await beginningOf(composed.message, signal), { size: composed.message.size });
  const source = composed.built ? builtSource(composed.built, view, text) : finishedSource(text, view);
  const { problems, links, unknownClients } = await inspectMessage(source.input, choices);
  const reached = choices.reach ? await reachLinks(links, choices.reach) : [];
  // A link that was being asked for when somebody gave up has no answer; the findings so far are not the whole.
  signal?.throwIfAborted();
  const [unknown] = unknownClients;
  if (unknown !== undefined) throw usage('check', `there is no mail client "${unknown}" in the data: gmail.*, *.ios`);
  const own = notToldBefore(text, composed, inOrder([...problems, ...reached]));
  const shown = reviewedHtml(text, own, source.place, choices);
  return findingsOf(shown, { file, text, source, sentence: htmlSentence });
}

async function beginningOf(message: ByteSource, signal?: AbortSignal): Promise<Uint8Array> {
  if (message.whole) return message.whole.subarray(0, MOST);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of message.read(signal)) {
    // A copy: the source may use its buffer again.
    pieces.push(piece.slice(0, MOST - size));
    size += piece.length;
    if (size >= MOST) break;
  }
  return Buffer.concat(pieces);
}
