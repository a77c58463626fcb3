import type { ByteSource } from '../../../../src/base/source.ts';
import type { Composed, GuardFacts } from '../../../../src/send/composed.ts';

/** A message of octets that are there already. */
export function sourceOf(text: string): ByteSource {
  const whole = Buffer.from(text);
  return {
    size: whole.length,
    transparency: '7bit',
    utf8Header: false,
    whole,
    async *read() {
      yield whole;
    },
  };
}

export const PLAIN = 'From: ann@example.com\r\nTo: bob@example.org\r\nSubject: Hi\r\n\r\nText.\r\n';

/** What `compose` would make of a small message, without composing. */
export function composedOf(options: {
  readonly sender?: string;
  readonly recipients?: readonly string[];
  readonly facts?: Partial<GuardFacts>;
  readonly text?: string;
  readonly workspaceRoot?: string;
}): Composed {
  const text = options.text ?? PLAIN;
  return {
    kind: 'composed',
    key: '/doc.eml',
    document: { text: '', kind: 'composed', header: [], bodyStart: 0, body: [] },
    envelope: { sender: options.sender ?? 'ann@example.com', recipients: options.recipients ?? ['bob@example.org'] },
    message: sourceOf(text),
    problems: [],
    changes: [],
    facts: { noSubject: false, noText: false, ...options.facts },
    ...(options.workspaceRoot === undefined ? {} : { workspaceRoot: options.workspaceRoot }),
  };
}
