import type { Address, Mailbox } from '../base/address.ts';
import { formatLocalPart } from '../base/address-write.ts';
import { asciiDomain } from '../base/domain.ts';
import { atOnce, type Steps } from '../base/steps.ts';
import { type Charset, utf8 } from './charset.ts';
import { needsEncoding } from './encoded-word.ts';
import { FieldLine, foldAt } from './fold.ts';
import { writeEncoded } from './unstructured.ts';

/** RFC 5322 section 3.2.3: what stands in a phrase without quotes, words parted by single spaces. */
const plainPhrase = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;

/** A longer name is encoded, which makes it foldable, rather than quoted. */
const longestQuoted = 72;

/** The addr-spec as it is sent: the domain as A-labels, the local part quoted where it has to be. */
function addrSpec(mailbox: Mailbox): string {
  const ascii = asciiDomain(mailbox.domain).ascii ?? mailbox.domain;
  return `${formatLocalPart(mailbox.local)}@${ascii}`;
}

/**
 * A field of addresses (RFC 5322 sections 3.4 and 3.6.2 to 3.6.3) with its CRLF. Display names go as they are, quoted, or as
 * encoded-words (never encoded within quotes, never inside an addr-spec); folds go between addresses and between words of names.
 */
export function addressField(name: string, addresses: readonly Address[], charset: Charset = utf8): string {
  return atOnce(addressFieldSteps(name, addresses, charset));
}

/** The same in parts. */
export function* addressFieldSteps(name: string, addresses: readonly Address[], charset: Charset): Steps<string> {
  const line = new FieldLine(name);
  for (let i = 0; i < addresses.length; i++) {
    const address = addresses[i]!;
    const comma = i < addresses.length - 1 ? ',' : '';
    yield;
    if (address.type === 'mailbox') {
      writeMailbox(line, address, comma, charset);
      continue;
    }
    const members = address.members;
    writePhrase(line, address.name.text, `:${members.length === 0 ? `;${comma}` : ''}`, charset);
    for (let j = 0; j < members.length; j++)
      writeMailbox(line, members[j]!, j < members.length - 1 ? ',' : `;${comma}`, charset);
  }
  return line.finish();
}

function writeMailbox(line: FieldLine, mailbox: Mailbox, suffix: string, charset: Charset): void {
  const address = addrSpec(mailbox);
  const name = mailbox.name?.text ?? '';
  if (name === '' && !mailbox.angle) line.token(address + suffix);
  else {
    if (name !== '') writePhrase(line, name, '', charset);
    line.token(`<${address}>${suffix}`);
  }
}

/** A display name or the name of a group. An empty one is `""`, since a group has to have one. */
function writePhrase(line: FieldLine, text: string, suffix: string, charset: Charset): void {
  if (!needsEncoding(text)) {
    if (plainPhrase.test(text) && text.length < foldAt * 8) {
      const words = text.split(' ');
      for (let i = 0; i < words.length; i++) line.token(i === words.length - 1 ? words[i]! + suffix : words[i]!);
      return;
    }
    const quoted = `"${text.replace(/["\\]/g, '\\$&')}"${suffix}`;
    if (quoted.length <= longestQuoted) {
      line.token(quoted);
      return;
    }
  }
  writeEncoded(line, text, charset, 'phrase', suffix);
}
