import { addressFault, fromXtext, isAscii, type ParsedPath, parsePath } from '../smtp/syntax.ts';
import { type Extension, type Offer, offers } from './extensions.ts';
import type { CapturedEnvelope, CapturedParameter, CapturedRecipient } from './message.ts';
import { badParameter, badParameterValue, type Reply, replies } from './replies.ts';

/** A mail transaction, from MAIL to its end (RFC 5321 section 3.3). */
export interface Transaction {
  readonly sender: string;
  readonly mailParameters: readonly CapturedParameter[];
  /** Whether octets above 127 were announced for the text. */
  readonly eightBit: boolean;
  readonly binary: boolean;
  readonly utf8: boolean;
  readonly recipients: CapturedRecipient[];
}

interface ParameterRule {
  readonly extension: Extension;
  /** Whether that value is allowed; `true` stands for no value. */
  accepts(value: string | true): boolean;
}

const isXtext = (value: string | true, longest: number) =>
  value !== true && value.length <= longest && fromXtext(value) !== undefined;

const mailRules: Readonly<Record<string, ParameterRule>> = {
  // RFC 1870 section 6: 1 to 20 digits.
  SIZE: { extension: 'SIZE', accepts: (value) => value !== true && /^\d{1,20}$/.test(value) },
  SMTPUTF8: { extension: 'SMTPUTF8', accepts: (value) => value === true },
  // RFC 3461 sections 4.3 and 4.4.
  RET: { extension: 'DSN', accepts: (value) => value !== true && /^(?:FULL|HDRS)$/i.test(value) },
  ENVID: { extension: 'DSN', accepts: (value) => isXtext(value, 100) },
  // RFC 4954 section 5.
  AUTH: { extension: 'AUTH', accepts: (value) => isXtext(value, 500) },
};

const rcptRules: Readonly<Record<string, ParameterRule>> = {
  // RFC 3461 section 4.1: NEVER stands alone.
  NOTIFY: {
    extension: 'DSN',
    accepts: (value) =>
      value !== true && /^(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*)$/i.test(value),
  },
  // RFC 3461 section 4.2: an address type, a semicolon, xtext.
  ORCPT: {
    extension: 'DSN',
    accepts: (value) => {
      const parts = value === true ? null : /^[A-Za-z0-9-]+;(.+)$/u.exec(value);
      // RFC 6533 section 3: the type utf-8 may hold UTF-8 as it is.
      return parts !== null && (fromXtext(parts[1]!) !== undefined || /^utf-8;/i.test(parts[0]));
    },
  },
};

/** Reads the arguments of MAIL; a reply where they are refused. */
export function readMail(argument: string, extended: boolean, offer: Offer): Transaction | Reply {
  const path = pathAfter(argument, 'FROM:');
  if (path === undefined) return replies.mailSyntax;
  if (path.address !== '' && addressFault(path.address) !== undefined) return replies.senderSyntax;
  const parameters = readParameters(path, mailRules, extended, offer);
  if (!Array.isArray(parameters)) return parameters;
  const body = path.parameters.get('BODY');
  const utf8 = path.parameters.has('SMTPUTF8');
  if (!isAscii(path.address) && !utf8) return replies.utf8Missing;
  if (Number(path.parameters.get('SIZE') ?? 0) > offer.maxSize) return replies.tooLarge;
  const kind = typeof body === 'string' ? body.toUpperCase() : '7BIT';
  return {
    sender: path.address,
    mailParameters: parameters,
    eightBit: utf8 || kind !== '7BIT',
    binary: kind === 'BINARYMIME',
    utf8,
    recipients: [],
  };
}

/** Reads the arguments of RCPT; a reply where they are refused. */
export function readRcpt(
  argument: string,
  transaction: Transaction,
  extended: boolean,
  offer: Offer,
): CapturedRecipient | Reply {
  const path = pathAfter(argument, 'TO:');
  if (path === undefined) return replies.rcptSyntax;
  if (addressFault(path.address) !== undefined) return replies.recipientSyntax;
  const parameters = readParameters(path, rcptRules, extended, offer);
  if (!Array.isArray(parameters)) return parameters;
  // RFC 6531 section 3.4: it is MAIL that says SMTPUTF8 for the whole transaction.
  if (!isAscii(path.address) && !transaction.utf8) return replies.utf8Missing;
  return { address: path.address, parameters };
}

function pathAfter(argument: string, keyword: string): ParsedPath | undefined {
  return argument.slice(0, keyword.length).toUpperCase() === keyword
    ? parsePath(argument.slice(keyword.length))
    : undefined;
}

const NO_PARAMETERS: CapturedParameter[] = [];

function readParameters(
  path: ParsedPath,
  rules: Readonly<Record<string, ParameterRule>>,
  extended: boolean,
  offer: Offer,
): CapturedParameter[] | Reply {
  if (path.parameters.size === 0) return NO_PARAMETERS;
  // RFC 5321 section 4.1.1.1: after HELO no extension is in force.
  if (!extended) return replies.parametersNeedEhlo;
  const parameters: CapturedParameter[] = [];
  for (const [keyword, value] of path.parameters) {
    const rule =
      keyword === 'BODY' && rules === mailRules
        ? bodyRule(value)
        : Object.hasOwn(rules, keyword)
          ? rules[keyword]
          : undefined;
    if (rule === undefined || !offers(rule.extension, offer)) return badParameter(keyword);
    if (!rule.accepts(value)) return badParameterValue(keyword);
    parameters.push(value === true ? { keyword } : { keyword, value });
  }
  return parameters;
}

/** BODY belongs to two extensions (RFC 6152 section 2, RFC 3030 section 3). */
function bodyRule(value: string | true): ParameterRule {
  const binary = value !== true && value.toUpperCase() === 'BINARYMIME';
  return {
    extension: binary ? 'BINARYMIME' : '8BITMIME',
    accepts: () => binary || (value !== true && /^(?:7BIT|8BITMIME)$/i.test(value)),
  };
}

/** The envelope of a transaction for those of its recipients that stayed. */
export function envelopeOf(transaction: Transaction, recipients: readonly CapturedRecipient[]): CapturedEnvelope {
  const addresses = recipients.map((recipient) => recipient.address);
  const unique = addresses.length === 1 ? addresses : [...new Set(addresses)];
  const telling = unique.length < addresses.length || recipients.some((recipient) => recipient.parameters.length > 0);
  return {
    sender: transaction.sender,
    recipients: unique,
    ...(transaction.mailParameters.length > 0 && { mailParameters: transaction.mailParameters }),
    ...(telling && { accepted: [...recipients] }),
  };
}
