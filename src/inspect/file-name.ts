import { trimOf } from '../base/trim.ts';
import type { AttachmentView } from './message.ts';

/** Names that Windows keeps for devices, with any ending. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const extensions: Readonly<Record<string, string>> = {
  'message/rfc822': 'eml',
  'text/calendar': 'ics',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'application/json': 'json',
};

/**
 * A name under which an attachment can be written on any system: no separators, no control or bidirectional characters,
 * no leading dots, never empty, at most 120 characters. What a mail calls its parts is not to be trusted with a path.
 */
export function fileNameOf(attachment: Pick<AttachmentView, 'name' | 'type' | 'index'>): string {
  const name = trimOf(attachment.name.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"/\\|?*]+/gu, '_'), '. ');
  if (name === '' || /^_+$/.test(name)) return `part-${attachment.index + 1}.${extensions[attachment.type] ?? 'bin'}`;
  const safe = devices.test(name) ? `_${name}` : name;
  const characters = [...safe];
  if (characters.length <= 120) return safe;
  const dot = safe.lastIndexOf('.');
  const ending = dot > 0 && safe.length - dot <= 12 ? safe.slice(dot) : '';
  return characters.slice(0, 120 - ending.length).join('') + ending;
}
