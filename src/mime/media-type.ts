import { isToken } from './params.ts';

/** `type/subtype` with two tokens (RFC 2045 section 5.1), in lower case; undefined for anything else. */
export function mediaTypeOf(text: string): string | undefined {
  const slash = text.indexOf('/');
  if (slash <= 0 || text.length > 127 + 1 + 127) return undefined;
  if (!isToken(text.slice(0, slash)) || !isToken(text.slice(slash + 1))) return undefined;
  return text.toLowerCase();
}

/** Whether typed text of that type is sent as text, with a charset. */
export function isTextType(mediaType: string): boolean {
  return mediaType.startsWith('text/');
}

/** Types that are text without being `text/*`: typed content under them is what somebody means. */
export function isTextual(mediaType: string): boolean {
  return (
    mediaType.startsWith('text/') ||
    mediaType.startsWith('message/') ||
    /^application\/(?:json|xml|yaml|javascript|ecmascript|sql|toml|graphql|x-sh|pgp-.*|pkcs7.*|x-www-form-urlencoded)$|\+(?:json|xml|yaml|text)$/.test(
      mediaType,
    )
  );
}

/** Message types that can't be encoded at all (RFC 2046 section 5.2, RFC 6522, RFC 6532 section 3.7 apart). */
export function isMessageType(mediaType: string): boolean {
  return mediaType.startsWith('message/') && mediaType !== 'message/global';
}

/** What a part becomes as an alternative, plainest first; undefined for a type that is none (DOCUMENT.md, "What it becomes"). */
export function alternativeRank(mediaType: string): number | undefined {
  switch (mediaType) {
    case 'text/plain':
      return 0;
    case 'text/markdown':
      return 1;
    // Before the HTML: some readers show the last alternative without knowing it (amp.dev, "AMP for Email format").
    case 'text/x-amp-html':
      return 2;
    case 'text/html':
    case 'text/mjml':
      return 3;
    case 'text/calendar':
      return 4;
    default:
      return undefined;
  }
}
