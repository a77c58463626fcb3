import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { tokenize } from './tokenize.ts';

/** Lines, and what they are coloured as: `text{scope}`. */
const cases: readonly [what: string, lines: readonly [line: string, tokens: string][]][] = [
  [
    'events',
    [
      [
        '=== 14:02:11.093  Connecting to localhost:2525 (server "inbox")',
        '==={comment.line.mark} {comment.line.event}14:02:11.093{constant.numeric.time}  Connecting to localhost:2525 (server {comment.line.event}"inbox"{string.quoted.double}){comment.line.event}',
      ],
      [
        '=== +1 ms  Connected to 127.0.0.1:2525 in 1.2 ms',
        '==={comment.line.mark} {comment.line.event}+1 ms{constant.numeric.time}  Connected to 127.0.0.1:2525 in 1.2 ms{comment.line.event}',
      ],
      [
        '=== +9 ms  TLS 1.3, TLS_AES_256_GCM_SHA384',
        '==={comment.line.mark} {comment.line.event}+9 ms{constant.numeric.time}  {comment.line.event}TLS 1.3{constant.numeric.tls}, TLS_AES_256_GCM_SHA384{comment.line.event}',
      ],
    ],
  ],
  [
    'replies',
    [
      ['<-  220 mailbench.local ESMTP', '<-{comment.line.mark}  220{constant.numeric.code} mailbench.local ESMTP'],
      ['<-  250-SIZE 1000', '<-{comment.line.mark}  250{constant.numeric.code}-SIZE 1000'],
      [
        '<~  235 2.7.0 Accepted',
        '<~{comment.line.mark}  235{constant.numeric.code} 2.7.0{constant.numeric.enhanced} Accepted',
      ],
      ['<-  334 ••••', '<-{comment.line.mark}  334{constant.numeric.code} ••••{comment.line.secret}'],
    ],
  ],
  [
    'replies that were not hoped for',
    [
      ['<-* 554 5.7.1 Refused', '<-*{token.error-token} 554{token.error-token} 5.7.1 Refused{token.error-token}'],
      ['<~* 421 4.3.2 Closing', '<~*{token.error-token} 421{token.error-token} 4.3.2 Closing{token.error-token}'],
    ],
  ],
  [
    'commands',
    [
      [' -> EHLO [127.0.0.1]', ' ->{keyword.other.mark} EHLO{keyword.control.command} [127.0.0.1]'],
      [
        ' -> MAIL FROM:<a@b> SIZE=12 BODY=8BITMIME',
        ' ->{keyword.other.mark} MAIL FROM{keyword.control.command}:<a@b>{string.other.address} SIZE{entity.other.attribute-name}={keyword.operator.assignment}12{string.unquoted} BODY{entity.other.attribute-name}={keyword.operator.assignment}8BITMIME{string.unquoted}',
      ],
      [' ~> RCPT TO:<b@c>', ' ~>{keyword.other.mark} RCPT TO{keyword.control.command}:<b@c>{string.other.address}'],
      [' ~> FROB \\x00nicate', ' ~>{keyword.other.mark} FROB \\x00{constant.character.escape}nicate'],
    ],
  ],
  [
    'secrets and messages',
    [
      [
        ' ~> AUTH PLAIN ••••••••',
        ' ~>{keyword.other.mark} AUTH{keyword.control.command} PLAIN{support.type.mechanism} ••••••••{comment.line.secret}',
      ],
      [' ~> ••••', ' ~>{keyword.other.mark} ••••{comment.line.secret}'],
      [
        ' ~> [4,312 bytes of message, 61 lines]',
        ' ~>{keyword.other.mark} [4,312 bytes of message, 61 lines]{comment.line.message}',
      ],
    ],
  ],
  [
    'failures',
    [
      [
        '*** Recipient bob@example.org refused: 550 5.1.1 No such user.',
        '*** Recipient bob@example.org refused: 550 5.1.1 No such user.{token.error-token}',
      ],
    ],
  ],
];

describe('the grammar of transcripts', () => {
  for (const [what, lines] of cases) {
    it(`knows ${what}`, async () => {
      const tokens = await tokenize('text.smtp-transcript', lines.map(([line]) => line).join('\n'));
      assert.deepEqual(
        tokens,
        lines.map(([, expected]) => expected),
      );
    });
  }
});
