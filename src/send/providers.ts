import type { PoolSettings } from './pool-settings.ts';
import type { AuthChoice, Security } from './server.ts';

/**
 * What is known of the mail services that people send through: how to reach them, and which password they mean. Used
 * for presets, and for the advice where a login fails.
 */
export interface Provider {
  readonly id: string;
  readonly label: string;
  /** Host names, as suffixes: `qq.com` is `smtp.qq.com` too. Empty where it is whatever runs on this machine. */
  readonly hosts: readonly string[];
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly security: Security;
    /** Where it takes one kind of login, and `auto` would try another. */
    readonly auth?: AuthChoice;
    /** What the service is known to limit, by its own documentation. */
    readonly pool?: PoolSettings;
  };
  /** What to ask for where the host differs from account to account. */
  readonly hostHint?: string;
  /** What to give as the user; undefined where it wants none. */
  readonly user?: string;
  /** Where every account has the same user. */
  readonly fixedUser?: string;
  /** The same in a few words, for a list. */
  readonly secret?: string;
  /** Which password it wants and where to get it, in full sentences; undefined where it wants none. */
  readonly password?: string;
  /** What else to know before the first message, in a full sentence. */
  readonly hint?: string;
}

export const PROVIDERS: readonly Provider[] = [
  {
    id: 'gmail',
    label: 'Gmail',
    hosts: ['gmail.com', 'googlemail.com'],
    // "IMAP, POP, and SMTP" (developers.google.com/gmail/imap/imap-smtp): 587, or 465 for TLS from the start.
    server: { host: 'smtp.gmail.com', port: 587, security: 'starttls' },
    user: 'the whole address',
    secret: 'an app password',
    password:
      'Gmail takes an app password here, not the one of the account: switch on 2-Step Verification, then make one at https://myaccount.google.com/apppasswords.',
  },
  {
    id: 'outlook',
    label: 'Outlook and Microsoft 365',
    hosts: ['office365.com', 'outlook.com', 'hotmail.com', 'live.com'],
    // 30 messages a minute (learn.microsoft.com, "Throttling limit for concurrent connections that submit messages").
    server: {
      host: 'smtp.office365.com',
      port: 587,
      security: 'starttls',
      auth: 'xoauth2',
      pool: { rate: 0.5 },
    },
    hostHint: 'smtp.office365.com for Microsoft 365; smtp-mail.outlook.com for a personal account',
    user: 'the whole address',
    secret: 'an OAuth access token',
    // Outlook.com since September 2024; Microsoft 365 by default from the end of 2026 on (Exchange Team, 27 January 2026).
    password:
      'Microsoft takes an OAuth access token in place of a password ("auth": "xoauth2"): always for Outlook.com, and for Microsoft 365 unless its administrator allows passwords; "auto" sends one. "Authenticated SMTP" has to be switched on for the mailbox.',
  },
  {
    id: 'ses',
    label: 'Amazon SES',
    hosts: ['amazonaws.com'],
    // "Connecting to an Amazon SES SMTP endpoint" (docs.aws.amazon.com/ses/latest/dg/smtp-connect.html).
    server: { host: 'email-smtp.us-east-1.amazonaws.com', port: 587, security: 'starttls' },
    hostHint: 'The SMTP endpoint of the region that SES was set up in',
    user: 'the SMTP user name that SES made',
    secret: 'SMTP credentials of SES',
    password:
      'Amazon SES takes the SMTP credentials that its console makes for a region (SMTP settings, Create SMTP credentials), not the access key of an IAM user.',
    // "Service quotas in Amazon SES" (…/dg/quotas.html): 1 a second in the sandbox, where every account begins; beyond it each
    // account has a rate of its own, so there is none that could be set here.
    hint: 'While the account is in the sandbox, SES takes one message a second, and only for verified addresses: "pool": { "rate": 1 } keeps Send to All Records to that.',
  },
  {
    id: 'sendgrid',
    label: 'SendGrid',
    hosts: ['sendgrid.net'],
    // "Integrating with the SMTP API" (twilio.com/docs/sendgrid/for-developers/sending-email): "up to 5k messages per SMTP connection".
    server: {
      host: 'smtp.sendgrid.net',
      port: 587,
      security: 'starttls',
      pool: { messagesPerConnection: 5000 },
    },
    user: 'apikey',
    fixedUser: 'apikey',
    secret: 'an API key',
    password:
      'SendGrid wants the word "apikey" as the user, and an API key with the permission "Mail Send" as the password.',
  },
  {
    id: 'mailgun',
    label: 'Mailgun',
    hosts: ['mailgun.org'],
    // "Send via SMTP" (documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-smtp): credentials are per domain.
    server: { host: 'smtp.mailgun.org', port: 587, security: 'starttls' },
    hostHint: 'smtp.mailgun.org, or smtp.eu.mailgun.org for a domain in the EU',
    user: 'postmaster@ and the sending domain',
    secret: 'SMTP credentials of the domain',
    password:
      'Mailgun wants the SMTP credentials of the sending domain (Sending, Domain settings, SMTP credentials), not the API key.',
  },
  {
    id: 'postmark',
    label: 'Postmark',
    hosts: ['postmarkapp.com'],
    // "What are the SMTP details" (postmarkapp.com/support/article/811). The Server API token, which it takes as user and
    // password both, would stand in the settings as the user: a secret. An SMTP token has a user that is none.
    server: { host: 'smtp.postmarkapp.com', port: 587, security: 'starttls' },
    hostHint: 'smtp.postmarkapp.com for a transactional stream; smtp-broadcasts.postmarkapp.com for a broadcast stream',
    user: 'the Access Key of an SMTP token',
    secret: 'the Secret Key of an SMTP token',
    password:
      'Postmark wants the Access Key of an SMTP token as the user and its Secret Key as the password: make one in the Settings of the message stream. (It takes the Server API token as both, too; that would put a secret into the settings.)',
  },
  {
    id: 'mailtrap',
    label: 'Mailtrap',
    hosts: ['mailtrap.io'],
    server: { host: 'sandbox.smtp.mailtrap.io', port: 2525, security: 'starttls' },
    user: 'the user name of the sandbox',
    secret: 'the password of the sandbox',
    password: 'Mailtrap wants the user name and password of the sandbox (Integration, SMTP), not those of the account.',
  },
  {
    id: '163',
    label: '163.com (网易)',
    hosts: ['163.com', '126.com', 'yeah.net'],
    // NetEase listens on 994 too (help.mail.163.com, as koishi.chat/plugins/adapter/mail has it), where a network blocks 465.
    server: { host: 'smtp.163.com', port: 465, security: 'tls' },
    user: 'the whole address',
    secret: 'an authorization code (授权码)',
    password:
      'NetEase (163, 126, yeah.net) takes an authorization code (授权码) here, not the login password: on the web, under 设置 > POP3/SMTP/IMAP, switch SMTP on and make one.',
  },
  {
    id: 'qq',
    label: 'QQ Mail (QQ邮箱)',
    hosts: ['qq.com', 'foxmail.com'],
    server: { host: 'smtp.qq.com', port: 465, security: 'tls' },
    user: 'the whole address',
    secret: 'an authorization code (授权码)',
    password:
      'QQ Mail takes an authorization code (授权码) here, not the login password: on the web, under 设置 > 账号, switch the SMTP service on and make one.',
  },
  {
    id: 'sina',
    label: 'Sina Mail (新浪邮箱)',
    hosts: ['sina.com', 'sina.cn', 'sina.com.cn'],
    server: { host: 'smtp.sina.com', port: 465, security: 'tls' },
    user: 'the whole address',
    secret: 'an authorization code (授权码)',
    password:
      'Sina Mail takes an authorization code (授权码) here, not the login password: on the web, under 设置 > 客户端 POP/IMAP/SMTP, switch the service on and make one.',
  },
  {
    id: 'yahoo',
    label: 'Yahoo Mail',
    hosts: ['yahoo.com'],
    server: { host: 'smtp.mail.yahoo.com', port: 465, security: 'tls' },
    user: 'the whole address',
    secret: 'an app password',
    password: 'Yahoo takes an app password here, not the one of the account: make one under Account security.',
  },
  {
    id: 'icloud',
    label: 'iCloud Mail',
    hosts: ['mail.me.com', 'icloud.com'],
    server: { host: 'smtp.mail.me.com', port: 587, security: 'starttls' },
    user: 'the whole address',
    secret: 'an app-specific password',
    password:
      'iCloud takes an app-specific password here, not the one of the account: make one at https://account.apple.com.',
  },
  {
    id: 'mailpit',
    label: 'Mailpit',
    hosts: [],
    server: { host: 'localhost', port: 1025, security: 'none' },
  },
  {
    id: 'mailhog',
    label: 'MailHog',
    hosts: [],
    server: { host: 'localhost', port: 1025, security: 'none' },
  },
  {
    id: 'postfix',
    label: 'Postfix on this machine',
    hosts: [],
    server: { host: 'localhost', port: 25, security: 'opportunistic' },
  },
];

/** The service behind a host, by the end of its name. */
export function providerOf(host: string): Provider | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  return PROVIDERS.find((provider) => provider.hosts.some((each) => name === each || name.endsWith(`.${each}`)));
}
