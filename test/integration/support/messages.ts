import PostalMime, { type Email } from 'postal-mime';

/** Reads a message with an independent reader. */
export function read(octets: Uint8Array): Promise<Email> {
  return PostalMime.parse(Buffer.from(octets));
}

/** With the line ends of the editor. */
export function lf(text: string | undefined): string {
  return (text ?? '').replaceAll('\r\n', '\n');
}
