import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { type BatchOutcome, type BatchPorts, sendBatch } from '../../../src/send/batch.ts';
import { together } from '../../../src/send/batch-questions.ts';
import { batchReport } from '../../../src/send/batch-report.ts';
import { compose } from '../../../src/send/compose.ts';
import { poolLimits } from '../../../src/send/pool-settings.ts';
import type { Question } from '../../../src/send/question.ts';
import { batchSentence } from '../../../src/send/sentences/batch.ts';
import { questionSentence } from '../../../src/send/sentences/question.ts';
import type { Server } from '../../../src/send/server.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { fixedClock, portsOf } from './support/fixed.ts';
import { friendly, scriptedServer } from './support/scripted-server.ts';
import { HI, type Rules, serverOf } from './support/send-to.ts';

const TEXT =
  '@data: ./p.csv\nFrom: ann@example.com\nTo: {{name}} <{{email}}>\nSubject: Hi {{name}}\n\nHello {{name}}.\n';
const CSV = 'name,email\nBob,bob@a.example\nCy,cy@b.example\nEve,eve@c.example\n';

function composer(csv: string, reads: string[] = [], text = TEXT): BatchPorts['compose'] {
  const files = memoryFiles({ '/w/p.csv': csv });
  const counted = {
    ...files,
    read: (path: string) => {
      reads.push(path);
      return files.read(path);
    },
  };
  const dataSets = new Map();
  return (record) =>
    compose(
      { text, path: '/w/a.eml', workspaceRoot: '/w', seed: `s.${record}`, record: String(record), dataSets },
      { files: counted, clock: fixedClock },
    );
}

async function batch(
  rules: Rules,
  options: { readonly csv?: string; readonly ports?: Partial<BatchPorts>; readonly settings?: object } = {},
): Promise<{ outcome: BatchOutcome; received: readonly string[]; lines: string[]; sentence: string }> {
  const server = await scriptedServer(HI, rules);
  try {
    const lines: string[] = [];
    const to = serverOf({ host: `127.0.0.1:${server.port}`, security: 'none', ...options.settings });
    const outcome = await sendBatch(to, {
      ...portsOf({ transcript: (line) => lines.push(line) }),
      compose: composer(options.csv ?? CSV),
      ...options.ports,
    });
    return { outcome, received: server.received, lines, sentence: batchSentence(outcome) };
  } finally {
    await server.close();
  }
}

function verdicts(outcome: BatchOutcome): unknown {
  return outcome.kind === 'sent'
    ? outcome.results.map(({ record, outcome }) => [
        record,
        outcome.kind,
        'envelope' in outcome ? outcome.envelope.recipients.join() : '',
      ])
    : outcome.kind;
}

describe('send/batch', () => {
  it('sends a message for each record over one session, reading the data once', async () => {
    const reads: string[] = [];
    const steps: string[] = [];
    const { outcome, received, lines, sentence } = await batch(friendly, {
      ports: {
        compose: composer(CSV, reads),
        progress: (step, done, total) => steps.push(`${step} ${done}/${total}`),
      },
    });
    assert.deepEqual(verdicts(outcome), [
      [1, 'delivered', 'bob@a.example'],
      [2, 'delivered', 'cy@b.example'],
      [3, 'delivered', 'eve@c.example'],
    ]);
    assert.deepEqual(
      received.filter((line) => /^(EHLO|MAIL|RCPT|DATA|Subject|Hello|QUIT)/.test(line)),
      [
        'EHLO [127.0.0.1]',
        ...['Bob bob@a', 'Cy cy@b', 'Eve eve@c'].flatMap((each) => {
          const [name, address] = each.split(' ');
          return [
            'MAIL FROM:<ann@example.com>',
            `RCPT TO:<${address}.example>`,
            'DATA',
            `Subject: Hi ${name}`,
            `Hello ${name}.`,
          ];
        }),
        'QUIT',
      ],
    );
    const ids = received.filter((line) => line.startsWith('Message-ID:'));
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(reads, ['/w/p.csv']);
    assert.deepEqual(steps, [
      'composing 1/3',
      'composing 2/3',
      'composing 3/3',
      'sending 1/3',
      'sending 2/3',
      'sending 3/3',
    ]);
    assert.deepEqual(
      lines.filter((line) => line.includes('Record')),
      [1, 2, 3].map((record) => `=== +0 ms  Record ${record}: 1 of 1 recipient accepted`),
    );
    assert.equal(sentence, 'Server "staging" took the messages of all 3 records.');
  });

  it('spreads them over as many sessions as the server’s settings say, each told apart in the transcript', async () => {
    const { outcome, received, lines } = await batch(friendly, {
      csv: 'name,email\nA,a@a.example\nB,b@a.example\nC,c@a.example\nD,d@a.example\nE,e@a.example\n',
      settings: { pool: { connections: 2, messagesPerConnection: 2 } },
    });
    assert.equal(outcome.kind === 'sent' && outcome.results.every((each) => each.outcome.kind === 'delivered'), true);
    assert.equal(received.filter((line) => line.startsWith('EHLO')).length, 3);
    assert.equal(received.filter((line) => line.startsWith('MAIL')).length, 5);
    assert.match(lines[0]!, /^=== [\d:.]+ {2}Up to 2 sessions at a time$/);
    // Put together by its heading lines, each session is whole: a greeting, EHLO, messages, and QUIT as the last command.
    const sessions = new Map<string, string[]>();
    let session = '';
    for (const line of lines.slice(1)) {
      if (/^=== Session \d+$/.test(line)) session = line;
      else if (!line.includes('Record ')) sessions.set(session, [...(sessions.get(session) ?? []), line]);
    }
    assert.deepEqual([...sessions.keys()].sort(), ['=== Session 1', '=== Session 2', '=== Session 3']);
    for (const each of sessions.values()) {
      const commands = each.filter((line) => line.startsWith(' -> ')).map((line) => line.slice(4).split(/[ :]/)[0]!);
      assert.equal(commands[0], 'EHLO');
      assert.equal(commands.at(-1), 'QUIT');
      assert.ok(commands.filter((verb) => verb === 'MAIL').length <= 2);
      const replies = each.filter((line) => line.startsWith('<-')).length;
      // A greeting, and a reply to each command; the line that stands for the message has one too.
      assert.equal(replies, commands.length + 1);
    }
  });

  it('keeps to the rate of the server’s settings, or to the one that was asked for', () => {
    assert.deepEqual(poolLimits({ rate: 5, connections: 3 }), {
      rate: { messages: 5, milliseconds: 1000 },
      connections: 3,
    });
    assert.deepEqual(poolLimits({ rate: 0.5 }), { rate: { messages: 1, milliseconds: 2000 } });
    assert.deepEqual(poolLimits({ rate: 2.5 }), { rate: { messages: 1, milliseconds: 400 } });
    assert.deepEqual(poolLimits({ messagesPerConnection: 7 }), { messagesPerConnection: 7 });
  });

  it('has a result for each record, and goes on after a refusal', async () => {
    const { outcome, lines, sentence } = await batch([[/^RCPT TO:<cy/, '550 5.1.1 No such user'], ...friendly]);
    assert.deepEqual(verdicts(outcome), [
      [1, 'delivered', 'bob@a.example'],
      [2, 'failed', 'cy@b.example'],
      [3, 'delivered', 'eve@c.example'],
    ]);
    assert.ok(
      lines.includes(
        '*** Recipient cy@b.example refused: 550 5.1.1 No such user. There is no such mailbox: check the part before the @.',
      ),
    );
    assert.equal(
      sentence,
      'Server "staging" took the messages of 2 of 3 records. Record 2: Server "staging" refused cy@b.example: 550 5.1.1 No such user. There is no such mailbox: check the part before the @.',
    );
    assert.ok(outcome.kind === 'sent');
    assert.equal(
      batchReport('a.eml', outcome),
      [
        '# a.eml, record by record',
        '',
        sentence,
        '',
        '| Record | To            | Result | Answer                 |',
        '| ------ | ------------- | ------ | ---------------------- |',
        '| 1      | bob@a.example | sent   | 250 Taken              |',
        '| 2      | cy@b.example  | failed | 550 5.1.1 No such user |',
        '| 3      | eve@c.example | sent   | 250 Taken              |',
        '',
      ].join('\n'),
    );
  });

  it('sends nothing where one record has an error', async () => {
    const { outcome, received, sentence } = await batch(friendly, { csv: `${CSV}Max,\n` });
    assert.equal(outcome.kind, 'record-errors');
    assert.deepEqual(received, []);
    assert.match(sentence, /^1 record of 4 makes a document with errors \(4\), so nothing was sent\. Record 4: .+\.$/);
  });

  it('needs records', async () => {
    const noData = composer(CSV, [], TEXT.replace('@data: ./p.csv\n', ''));
    for (const ports of [{ compose: noData }, { compose: composer('name,email\n') }]) {
      const { outcome, received, sentence } = await batch(friendly, { ports });
      assert.equal(outcome.kind, 'no-records');
      assert.deepEqual(received, []);
      assert.equal(
        sentence,
        'There is no data with records to send to: name a JSON, YAML or CSV file with @data. Nothing was sent.',
      );
    }
  });

  it('asks once, for all of them', async () => {
    const asked: (readonly Question[])[] = [];
    const far = serverOf({ host: 'smtp.example.com' });
    const ports = {
      ...portsOf({
        ask: async (questions) => {
          asked.push(questions);
          return false;
        },
      }),
      compose: composer(CSV),
    };
    assert.equal((await sendBatch(far, ports)).kind, 'declined');
    assert.deepEqual(
      asked.map((questions) => questions.map(questionSentence)),
      [
        [
          {
            title: 'Send to 3 recipients over "staging" (smtp.example.com:587)?',
            lines: ['From: ann@example.com', 'To: bob@a.example', 'To: cy@b.example', 'To: eve@c.example'],
          },
        ],
      ],
    );
  });

  it('is refused as a whole where the guard refuses one', async () => {
    const { outcome, received, sentence } = await batch(friendly, {
      settings: { guard: { allow: ['a.example', 'c.example'] } },
    });
    assert.equal(outcome.kind, 'refused');
    assert.deepEqual(received, []);
    assert.match(sentence, /^Record 2: The guard keeps mail from cy@b\.example/);
  });

  it('tells of a lost connection once, and of every record', async () => {
    const { outcome, lines } = await batch([[/^MAIL/, null], ...friendly]);
    assert.deepEqual(
      (verdicts(outcome) as [number, string][]).map(([record, kind]) => [record, kind]),
      [
        [1, 'failed'],
        [2, 'failed'],
        [3, 'failed'],
      ],
    );
    assert.ok(lines.filter((line) => line.startsWith('*** ')).length >= 1);
  });

  it('can be cancelled: before the first message, and in the midst', async () => {
    const early = new AbortController();
    early.abort();
    const none = await batch(friendly, { ports: { signal: early.signal } });
    assert.deepEqual([none.outcome.kind, none.received], ['cancelled', []]);
    assert.equal(none.sentence, 'Cancelled: nothing was sent, and the document is as it was.');
    const late = new AbortController();
    const some = await batch(friendly, {
      ports: { signal: late.signal, progress: (step, done) => step === 'sending' && done === 1 && late.abort() },
    });
    assert.equal((verdicts(some.outcome) as string[][])[0]?.[1], 'delivered');
    assert.ok((verdicts(some.outcome) as string[][]).slice(1).some(([, kind]) => kind === 'cancelled'));
    assert.match(
      some.sentence,
      /^Server "staging" took the messages of \d of 3 records\. \d records? w(as|ere) cancelled\./,
    );
  });

  it('writes a file for each record into a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailbench-batch-'));
    try {
      const server: Server = serverOf({ transport: 'folder', path: folder });
      const outcome = await sendBatch(server, { ...portsOf(), compose: composer(CSV) });
      assert.deepEqual(verdicts(outcome), [
        [1, 'delivered', 'bob@a.example'],
        [2, 'delivered', 'cy@b.example'],
        [3, 'delivered', 'eve@c.example'],
      ]);
      assert.equal((await readdir(folder)).length, 3);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('send/batch-questions', () => {
  const server = serverOf({ host: 'smtp.example.com', production: true });
  it('puts the same questions together, each kind once and in order', () => {
    const range = { start: 0, end: 1 };
    const questions = (to: string): Question[] => [
      { code: 'off-loopback', server, sender: 'a@b.example', recipients: [to, 'all@b.example'] },
      { code: 'redirected', from: [to], to: ['qa@b.example'] },
      { code: 'production', server, recipients: [to] },
      { code: 'template-without-data', expression: `{{${to}}}`, range },
    ];
    assert.deepEqual(together([...questions('x@y.example'), { code: 'no-subject' }, ...questions('z@y.example')]), [
      {
        code: 'off-loopback',
        server,
        sender: 'a@b.example',
        recipients: ['x@y.example', 'all@b.example', 'z@y.example'],
      },
      { code: 'redirected', from: ['x@y.example', 'z@y.example'], to: ['qa@b.example'] },
      { code: 'no-subject' },
      { code: 'production', server, recipients: ['x@y.example', 'z@y.example'] },
      { code: 'template-without-data', expression: '{{x@y.example}}', range },
    ]);
  });

  it('shows as many recipients as a window holds', () => {
    const recipients = Array.from({ length: 1000 }, (_, index) => `u${index}@b.example`);
    const { lines } = questionSentence({ code: 'off-loopback', server, sender: '', recipients });
    assert.equal(lines.length, 41);
    assert.deepEqual([lines[0], lines[39], lines[40]], ['From: <>', 'To: u38@b.example', 'and 961 others']);
  });
});
