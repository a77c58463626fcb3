import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { PRESETS, presetDetail, presetSettings } from '../../../src/send/presets.ts';
import { providerOf } from '../../../src/send/providers.ts';
import { parseServer } from '../../../src/send/server-settings.ts';

describe('send/presets', () => {
  it('are those that people send through', () => {
    assert.deepEqual(
      PRESETS.map((preset) => [preset.id, `${preset.server.host}:${preset.server.port}`, presetDetail(preset)]),
      [
        ['gmail', 'smtp.gmail.com:587', 'Port 587, STARTTLS required; wants an app password'],
        ['outlook', 'smtp.office365.com:587', 'Port 587, STARTTLS required; wants an OAuth access token'],
        ['ses', 'email-smtp.us-east-1.amazonaws.com:587', 'Port 587, STARTTLS required; wants SMTP credentials of SES'],
        ['sendgrid', 'smtp.sendgrid.net:587', 'Port 587, STARTTLS required; wants an API key'],
        ['mailgun', 'smtp.mailgun.org:587', 'Port 587, STARTTLS required; wants SMTP credentials of the domain'],
        ['postmark', 'smtp.postmarkapp.com:587', 'Port 587, STARTTLS required; wants the Secret Key of an SMTP token'],
        [
          'mailtrap',
          'sandbox.smtp.mailtrap.io:2525',
          'Port 2525, STARTTLS required; wants the password of the sandbox',
        ],
        ['163', 'smtp.163.com:465', 'Port 465, TLS from the first byte; wants an authorization code (授权码)'],
        ['qq', 'smtp.qq.com:465', 'Port 465, TLS from the first byte; wants an authorization code (授权码)'],
        ['sina', 'smtp.sina.com:465', 'Port 465, TLS from the first byte; wants an authorization code (授权码)'],
        ['yahoo', 'smtp.mail.yahoo.com:465', 'Port 465, TLS from the first byte; wants an app password'],
        ['icloud', 'smtp.mail.me.com:587', 'Port 587, STARTTLS required; wants an app-specific password'],
        ['mailpit', 'localhost:1025', 'Port 1025, plain text, on this machine only; no password'],
        ['mailhog', 'localhost:1025', 'Port 1025, plain text, on this machine only; no password'],
        ['postfix', 'localhost:25', 'Port 25, TLS where offered; no password'],
      ],
    );
  });

  it('make servers that can be used, without a password in them', () => {
    for (const preset of PRESETS) {
      const value = presetSettings(preset, preset.server.host, preset.fixedUser ?? (preset.user ? 'ann' : ''));
      const { server, problems } = parseServer(preset.id, value);
      assert.deepEqual(problems, [], preset.id);
      assert.ok(server?.transport === 'smtp');
      assert.deepEqual(server.endpoint, { kind: 'tcp', host: preset.server.host, port: preset.server.port });
      assert.equal(server.security, preset.server.security);
      assert.deepEqual(
        Object.keys(value).filter((key) => !['host', 'port', 'security', 'user', 'auth', 'pool'].includes(key)),
        [],
      );
      assert.equal(server.auth, preset.id === 'outlook' ? 'xoauth2' : 'auto');
      assert.deepEqual(server.pool, { outlook: { rate: 0.5 }, sendgrid: { messagesPerConnection: 5000 } }[preset.id]);
    }
  });

  it('take what was typed: a port along with the host, no user', () => {
    const [gmail] = PRESETS;
    assert.deepEqual(presetSettings(undefined, ' smtp.example.com:2525 ', ' '), { host: 'smtp.example.com:2525' });
    assert.deepEqual(presetSettings(gmail, 'smtp.gmail.com:587', 'a@b.example'), {
      host: 'smtp.gmail.com:587',
      security: 'starttls',
      user: 'a@b.example',
    });
  });

  it('go by a port that was typed in its place: TLS from the first byte, where that is what it means', () => {
    const securityOf = (id: string, host: string) => {
      const { server } = parseServer(id, presetSettings(PRESETS.find((preset) => preset.id === id)!, host, 'ann'));
      return server?.transport === 'smtp' ? server.security : undefined;
    };
    assert.equal(securityOf('gmail', 'smtp.gmail.com:465'), 'tls');
    assert.equal(securityOf('163', 'smtp.163.com:994'), 'tls');
    assert.equal(securityOf('163', 'smtp.163.com:25'), 'starttls');
    assert.equal(securityOf('ses', 'email-smtp.eu-west-1.amazonaws.com:2465'), 'tls');
    assert.equal(securityOf('ses', 'email-smtp.eu-west-1.amazonaws.com:2587'), 'starttls');
  });

  it('are known by their hosts, for the advice where a login fails', () => {
    for (const preset of PRESETS) {
      if (preset.password !== undefined) assert.equal(providerOf(preset.server.host)?.id, preset.id);
    }
  });
});
