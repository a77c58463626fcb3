/** Types of text that a document can hold, with what they are for. */
export const TEXT_TYPES: readonly (readonly [type: string, purpose: string])[] = [
  ['text/html', 'HTML'],
  ['text/plain', 'Plain text'],
  ['text/markdown', 'Markdown, sent as HTML'],
  ['text/mjml', 'MJML, sent as HTML'],
  ['text/calendar', 'An invitation; write method= too'],
  ['text/x-amp-html', 'AMP for Email'],
  ['text/csv', 'Comma-separated values'],
  ['text/xml', 'XML'],
];

/** Types of files that are attached most. */
export const FILE_TYPES: readonly (readonly [type: string, purpose: string])[] = [
  ['application/pdf', 'PDF'],
  ['application/zip', 'ZIP archive'],
  ['application/json', 'JSON'],
  ['application/octet-stream', 'Octets of any kind'],
  ['application/msword', 'Word before 2007'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'Word'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'Excel'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'PowerPoint'],
  ['image/png', 'PNG picture'],
  ['image/jpeg', 'JPEG picture'],
  ['image/gif', 'GIF picture'],
  ['image/svg+xml', 'SVG picture'],
  ['image/webp', 'WebP picture'],
  ['audio/mpeg', 'MP3'],
  ['audio/wav', 'WAV'],
  ['video/mp4', 'MP4'],
  ['message/rfc822', 'A message'],
];

export const MULTIPART_TYPES: readonly (readonly [type: string, purpose: string])[] = [
  ['multipart/mixed', 'Independent parts, one after the other'],
  ['multipart/alternative', 'Forms of one text, the plainest first'],
  ['multipart/related', 'HTML and what it shows'],
  ['multipart/report', 'A report, such as a bounce'],
  ['multipart/digest', 'Messages'],
  ['multipart/signed', 'Content and its signature'],
];

/** iTIP's methods (RFC 5546 section 1.4). */
export const CALENDAR_METHODS: readonly string[] = [
  'REQUEST',
  'CANCEL',
  'REPLY',
  'PUBLISH',
  'ADD',
  'REFRESH',
  'COUNTER',
  'DECLINECOUNTER',
];

export const LANGUAGES: readonly (readonly [tag: string, name: string])[] = [
  ['en', 'English'],
  ['en-GB', 'English (United Kingdom)'],
  ['en-US', 'English (United States)'],
  ['zh-Hans', 'Chinese, simplified'],
  ['zh-Hant', 'Chinese, traditional'],
  ['ja', 'Japanese'],
  ['ko', 'Korean'],
  ['de', 'German'],
  ['fr', 'French'],
  ['es', 'Spanish'],
  ['pt', 'Portuguese'],
  ['it', 'Italian'],
  ['nl', 'Dutch'],
  ['pl', 'Polish'],
  ['ru', 'Russian'],
  ['tr', 'Turkish'],
  ['ar', 'Arabic'],
  ['hi', 'Hindi'],
];
