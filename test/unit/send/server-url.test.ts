import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { serverProblemSentence } from '../../../src/send/sentences/server.ts';
import { addressOf } from '../../../src/send/server.ts';
import { isServerUrl, parseServerUrl } from '../../../src/send/server-url.ts';

/** One line that says what became of a URL. */
function brief(url: string): string {
  const { server, problems } = parseServerUrl(url);
  if (!server) return problems.map(serverProblemSentence).join(' ');
  if (server.transport === 'inbox') return 'inbox';
  if (server.transport === 'folder') return `folder ${server.path}`;
  if (server.transport === 'mx') return `mx ${server.port} ${server.security}`;
  return [server.transport, server.security, server.user ?? '-', addressOf(server)].join(' ');
}

describe('send/server-url', () => {
  const table: [string, string][] = [
    ['smtp://localhost:2525', 'smtp opportunistic - localhost:2525'],
    ['smtp://user@host:2525?security=none', 'smtp none user host:2525'],
    ['smtp://relay.example.com', 'smtp starttls - relay.example.com:587'],
    ['smtps://ann@smtp.example.com', 'smtp tls ann smtp.example.com:465'],
    ['SMTPS://smtp.example.com:2465', 'smtp tls - smtp.example.com:2465'],
    ['smtp://me@qq.com@smtp.qq.com', 'smtp starttls me@qq.com smtp.qq.com:587'],
    ['smtp://me%40qq.com@smtp.qq.com:465', 'smtp tls me@qq.com smtp.qq.com:465'],
    ['smtp://[::1]:25', 'smtp opportunistic - [::1]:25'],
    ['smtp://user@host/', 'smtp starttls user host:587'],
    ['lmtp://localhost', 'lmtp opportunistic - localhost:24'],
    ['lmtp:///run/dovecot/lmtp', 'lmtp none - /run/dovecot/lmtp'],
    ['lmtp:///tmp/with%20space', 'lmtp none - /tmp/with space'],
    ['mx:', 'mx 25 opportunistic'],
    ['inbox:', 'inbox'],
    ['folder:./out', 'folder ./out'],
    ['folder:/var/tmp/mail', 'folder /var/tmp/mail'],
    ['folder:///var/tmp/mail', 'folder /var/tmp/mail'],
    [
      'smtp://ann:hunter2@smtp.example.com',
      'A password does not belong into a URL, where the shell keeps it: take it out, and give it in the environment variable MAILBENCH_PASSWORD.',
    ],
    ['http://example.com', '"http:" is no kind of server: use one of smtp:, smtps:, lmtp:, mx:, inbox: or folder:.'],
    ['smtp://', 'host is missing: write the host of the mail server.'],
    ['smtp://host?security=ssl', 'security can’t be "ssl". It is one of: starttls, tls, opportunistic or none.'],
    [
      'smtp://host?password=x',
      'password holds a password, which does not belong into settings: they are shared and synchronized. Take it out: it is asked for when it is needed, and can come from the environment variable that "passwordEnv" names.',
    ],
    [
      'smtp:host',
      '"smtp:host" is no server: write smtp://user@host:port?security=none, smtps://user@host, lmtp://host:port, lmtp:///path/of/socket, folder:./out or inbox:.',
    ],
    [
      'smtp://host:99999',
      'host can’t be "host:99999": write a host name or an IP address, as smtp.example.com, smtp.example.com:587 or [::1]:25.',
    ],
    [
      'smtp://user@127.0.0.1:?security=none',
      'host can’t be "127.0.0.1:": write a host name or an IP address, as smtp.example.com, smtp.example.com:587 or [::1]:25.',
    ],
    [
      'smtp://host\r\nRSET',
      '"smtp://host\\x0D\\x0ARSET" is no server: write smtp://user@host:port?security=none, smtps://user@host, lmtp://host:port, lmtp:///path/of/socket, folder:./out or inbox:.',
    ],
  ];
  for (const [url, expected] of table) {
    it(JSON.stringify(url), () => assert.equal(brief(url), expected));
  }

  it('takes properties of tls and timeouts', () => {
    const { server, problems } = parseServerUrl(
      'smtp://h?tls.verify=false&timeouts.connect=2.5&pipelining=false&hello=helo',
    );
    assert.deepEqual(problems, []);
    assert.ok(server?.transport === 'smtp');
    assert.deepEqual(server.tls, { verify: false, unverifiedOnPurpose: true, ca: [], allowPlaintextPassword: false });
    assert.deepEqual(server.timeouts, { connect: 2500 });
    assert.equal(server.pipelining, false);
    assert.equal(server.hello, 'helo');
  });

  it('shows no password in its name, and takes any text', () => {
    assert.equal(parseServerUrl('smtp://ann@h').server?.name, 'smtp://ann@h');
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, validSchemes: ['smtp', 'lmtp', 'folder', 'x'] }), (url) => {
        for (const problem of parseServerUrl(url).problems) serverProblemSentence(problem);
      }),
      { numRuns: 200 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseServerUrl(`smtp:${text}`)));
    for (const url of ['smtp://a?__proto__=1', 'smtp://a?constructor=x', 'smtp://a?tls.__proto__=x']) {
      assert.equal(parseServerUrl(url).server, undefined, url);
    }
  });

  it('tells URLs from names', () => {
    assert.equal(isServerUrl('smtp://x'), true);
    assert.equal(isServerUrl('staging'), false);
    assert.equal(isServerUrl('my server'), false);
  });
});
