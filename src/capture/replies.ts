import { replyCode } from '../smtp/codes.ts';

/** What the server says: a code, mostly an enhanced status code (RFC 3463), and text in one or more lines. */
export interface Reply {
  readonly code: number;
  readonly enhanced?: string;
  readonly text: string | readonly string[];
}

/** The reply as octets (RFC 5321 section 4.2.1); the enhanced code stands on every line (RFC 2034 section 4). */
export function formatReply(reply: Reply, withEnhanced: boolean): string {
  const prefix = withEnhanced && reply.enhanced !== undefined ? `${reply.enhanced} ` : '';
  if (typeof reply.text === 'string') return `${reply.code} ${prefix}${reply.text}\r\n`;
  const last = reply.text.length - 1;
  return reply.text.map((line, index) => `${reply.code}${index === last ? ' ' : '-'}${prefix}${line}\r\n`).join('');
}

/** A reply that a fault rule gives as text: `451 4.7.1 Later`, several lines apart by `\n`. */
export function writtenReply(written: string): Reply {
  const [first = '', ...rest] = written.split('\n');
  const lines = [first.slice(4), ...rest];
  return { code: Number(first.slice(0, 3)), text: lines.length === 1 ? lines[0]! : lines };
}

const reply = (code: number, enhanced: string, text: string): Reply => ({ code, enhanced, text });

/** The fixed replies of the session. Enhanced codes are those of RFC 3463 and the IANA registry that it began. */
export const replies = {
  ok: reply(replyCode.ok, '2.0.0', 'Ok'),
  senderOk: reply(replyCode.ok, '2.1.0', 'Ok'),
  recipientOk: reply(replyCode.ok, '2.1.5', 'Ok'),
  bye: reply(replyCode.closing, '2.0.0', 'Bye'),
  startText: { code: replyCode.startMail, text: 'Go on; a line that holds only a dot ends it' },
  startTls: reply(replyCode.ready, '2.0.0', 'Ready to start TLS'),
  authenticated: reply(replyCode.authenticated, '2.7.0', 'Accepted'),
  help: {
    code: replyCode.help,
    enhanced: '2.0.0',
    text: ['EHLO HELO LHLO STARTTLS AUTH MAIL RCPT DATA BDAT', 'RSET NOOP VRFY EXPN HELP QUIT'],
  },
  cannotVerify: reply(replyCode.cannotVerify, '2.1.5', 'Not looked up; mail for it is taken'),

  idle: reply(replyCode.unavailable, '4.4.2', 'Nothing heard for too long; closing'),
  shuttingDown: reply(replyCode.unavailable, '4.3.2', 'The server is being stopped; closing'),
  tooManyConnections: reply(replyCode.unavailable, '4.3.2', 'Too many connections; try again later'),
  tooManyErrors: reply(replyCode.unavailable, '4.7.0', 'Too many errors; closing'),
  notKept: reply(replyCode.localError, '4.3.0', 'The message could not be kept; try again later'),
  diskFull: reply(replyCode.insufficientStorage, '4.3.1', 'There is no room to keep the message'),
  tooManyRecipients: reply(replyCode.insufficientStorage, '4.5.3', 'Too many recipients'),

  unknownCommand: reply(replyCode.syntaxError, '5.5.1', 'Unknown command'),
  badCharacter: reply(replyCode.syntaxError, '5.5.2', 'A command holds no control characters and is UTF-8 throughout'),
  bareLineEnd: reply(
    replyCode.syntaxError,
    '5.5.2',
    'A command ends with CRLF, not with LF alone (RFC 5321 section 2.3.8)',
  ),
  lineTooLong: reply(replyCode.syntaxError, '5.5.6', 'Line too long'),
  webClient: reply(replyCode.notImplemented, '5.7.0', 'This is a mail server; closing'),
  notOffered: reply(replyCode.notImplemented, '5.5.1', 'Not offered'),

  noArguments: reply(replyCode.parameterSyntaxError, '5.5.4', 'No arguments allowed'),
  nameMissing: reply(replyCode.parameterSyntaxError, '5.5.4', 'Name missing'),
  argumentMissing: reply(replyCode.parameterSyntaxError, '5.5.4', 'Argument missing'),
  mailSyntax: reply(replyCode.parameterSyntaxError, '5.5.4', 'Syntax: MAIL FROM:<address> [parameters]'),
  rcptSyntax: reply(replyCode.parameterSyntaxError, '5.5.4', 'Syntax: RCPT TO:<address> [parameters]'),
  bdatSyntax: reply(replyCode.parameterSyntaxError, '5.5.4', 'Syntax: BDAT octets [LAST]; closing'),
  senderSyntax: reply(replyCode.parameterSyntaxError, '5.1.7', 'Bad sender address'),
  recipientSyntax: reply(replyCode.parameterSyntaxError, '5.1.3', 'Bad recipient address'),
  authCancelled: reply(replyCode.parameterSyntaxError, '5.7.0', 'Authentication cancelled'),
  authSyntax: reply(replyCode.parameterSyntaxError, '5.5.2', 'Not the base64 that the mechanism wants'),

  wantsLhlo: reply(replyCode.syntaxError, '5.5.1', 'This is LMTP; say LHLO'),
  wantsEhlo: reply(replyCode.syntaxError, '5.5.1', 'This is SMTP; say EHLO'),
  helloFirst: reply(replyCode.badSequence, '5.5.1', 'Say hello first'),
  mailFirst: reply(replyCode.badSequence, '5.5.1', 'MAIL comes first'),
  nestedMail: reply(replyCode.badSequence, '5.5.1', 'A transaction is under way'),
  rcptAfterText: reply(replyCode.badSequence, '5.5.1', 'The text has begun; no more recipients'),
  noRecipients: reply(replyCode.transactionFailed, '5.5.1', 'No recipient was accepted'),
  noRecipientsLmtp: reply(replyCode.badSequence, '5.5.1', 'No recipient was accepted'),
  dataAfterBdat: reply(replyCode.badSequence, '5.5.1', 'The text has begun with BDAT'),
  binaryWantsBdat: reply(replyCode.badSequence, '5.5.1', 'BODY=BINARYMIME goes with BDAT only'),
  alreadyTls: reply(replyCode.badSequence, '5.5.1', 'TLS is on already'),
  alreadyAuthenticated: reply(replyCode.badSequence, '5.5.1', 'Authenticated already'),
  authWantsEhlo: reply(replyCode.badSequence, '5.5.1', 'Say EHLO first'),
  unknownMechanism: reply(replyCode.parameterNotImplemented, '5.5.4', 'That mechanism is not offered'),

  noSuchList: reply(replyCode.mailboxUnavailable, '5.1.1', 'No list of that name'),
  tooLarge: reply(replyCode.exceededStorage, '5.3.4', 'The message is larger than this server takes'),
  utf8Missing: reply(replyCode.mailboxNameNotAllowed, '5.6.7', 'A non-ASCII address needs SMTPUTF8'),
  parametersNeedEhlo: reply(replyCode.parametersNotRecognised, '5.5.4', 'Parameters need EHLO'),
} as const satisfies Record<string, Reply>;

/** A parameter that is not known, not offered, or has a value that its extension does not allow. */
export function badParameter(keyword: string): Reply {
  return reply(replyCode.parametersNotRecognised, '5.5.4', `Parameter not recognised: ${keyword}`);
}

export function badParameterValue(keyword: string): Reply {
  return reply(replyCode.parameterSyntaxError, '5.5.4', `Bad value of ${keyword}`);
}
