import assert from 'node:assert/strict';
import { it } from 'mocha';
import { deliveries, play, type Setting } from './scripted.ts';

export const hello = `
  S: 220 mx.test ESMTP
  C: EHLO client.example
  S: 250-mx.test
  S: 250-PIPELINING
  S: 250-SIZE 1000
  S: 250-8BITMIME
  S: 250-SMTPUTF8
  S: 250-CHUNKING
  S: 250-BINARYMIME
  S: 250-DSN
  S: 250-ENHANCEDSTATUSCODES
  S: 250-STARTTLS
  S: 250-AUTH PLAIN LOGIN
  S: 250 HELP
`;
export const underway = `${hello}
  C: MAIL FROM:<a@a.example>
  S: 250 2.1.0 Ok
  C: RCPT TO:<b@b.example>
  S: 250 2.1.5 Ok
`.replaceAll(/\n\s*\n/g, '\n');

export interface Case {
  readonly name: string;
  readonly transcript: string;
  readonly setting?: Setting;
  /** The texts that are kept. */
  readonly texts?: readonly string[];
}

/** A conversation that goes on where `before` ends. */
export const following = (before: string, transcript: string) => `${before.trimEnd()}${transcript}`;

/** A test for each case, its octets delivered in every way. */
export function conversations(cases: readonly Case[]): void {
  for (const { name, transcript, setting, texts } of cases) {
    for (const delivery of deliveries) {
      it(`${name} (${delivery})`, () => {
        const scripted = play(transcript, setting, delivery);
        if (texts !== undefined) assert.deepEqual(scripted.texts(), texts);
      });
    }
  }
}
