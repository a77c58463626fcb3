/**
 * Reply codes (RFC 5321 section 4.2) and enhanced status codes (RFC 3463, RFC 2034): the vocabulary of both sides of
 * SMTP. Nothing here speaks the protocol.
 */
export const replyCode = {
  systemStatus: 211,
  help: 214,
  ready: 220,
  closing: 221,
  authenticated: 235,
  ok: 250,
  willForward: 251,
  cannotVerify: 252,
  continueAuthentication: 334,
  startMail: 354,
  unavailable: 421,
  passwordTransition: 432,
  mailboxBusy: 450,
  localError: 451,
  insufficientStorage: 452,
  temporaryAuthentication: 454,
  cannotAccommodate: 455,
  syntaxError: 500,
  parameterSyntaxError: 501,
  notImplemented: 502,
  badSequence: 503,
  parameterNotImplemented: 504,
  noMailHere: 521,
  authenticationRequired: 530,
  mechanismTooWeak: 534,
  authenticationFailed: 535,
  encryptionRequired: 538,
  mailboxUnavailable: 550,
  notLocal: 551,
  exceededStorage: 552,
  mailboxNameNotAllowed: 553,
  transactionFailed: 554,
  parametersNotRecognised: 555,
  noMailFromNullMx: 556,
} as const;

/** The first digit's meaning (RFC 5321 section 4.2.1). */
export type ReplyClass = 'completed' | 'intermediate' | 'transient' | 'permanent';

/** What the first digit says; `undefined` for anything outside 200 to 599. */
export function classOf(code: number): ReplyClass | undefined {
  switch (Math.trunc(code / 100)) {
    case 2:
      return 'completed';
    case 3:
      return 'intermediate';
    case 4:
      return 'transient';
    case 5:
      return 'permanent';
    default:
      return undefined;
  }
}

/** An enhanced status code at the start of a reply's text: class 2, 4 or 5, subject and detail of 1 to 3 digits. */
const enhancedPattern = /^([245])\.(\d{1,3})\.(\d{1,3})(?= |$)/;

/**
 * The enhanced status code that `text` (a reply line after its code) begins with. Only one whose class agrees with the
 * reply code counts (RFC 2034 section 4); otherwise `undefined`.
 */
export function enhancedOf(code: number, text: string): string | undefined {
  const match = enhancedPattern.exec(text);
  return match !== null && match[1] === String(Math.trunc(code / 100)) ? match[0] : undefined;
}
