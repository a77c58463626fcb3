const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** The date-time of RFC 5322 section 3.3, `offset` in minutes east of UTC. */
export function formatDate(epochMs: number, offset: number): string {
  // The fields of a UTC date moved by the offset are those of the local time.
  const local = new Date(epochMs + offset * 60_000);
  const away = Math.abs(offset);
  const sign = offset < 0 ? '-' : '+';
  return (
    `${days[local.getUTCDay()]}, ${local.getUTCDate()} ${months[local.getUTCMonth()]} ${String(local.getUTCFullYear()).padStart(4, '0')} ` +
    `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())} ` +
    `${sign}${two(Math.floor(away / 60))}${two(away % 60)}`
  );
}

const zones: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

const rfc5322 =
  /^(?:(?:sun|mon|tue|wed|thu|fri|sat)\s*,\s*)?(\d{1,2})\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+([+-]\d{4}|[a-z]{1,3})(?:\s*\([^()]{0,80}\))?$/i;
const iso8601 = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

export interface ParsedDate {
  readonly epochMs: number;
  /** Minutes east of UTC; undefined where none was written. */
  readonly offset?: number;
  /** Whether it already has the form of RFC 5322. */
  readonly standard: boolean;
}

/** A date as people write it: the date-time of RFC 5322, or of ISO 8601 (a time zone may be left out there, and the time). */
export function parseDate(text: string): ParsedDate | undefined {
  const trimmed = text.trim();
  const standard = rfc5322.exec(trimmed);
  if (standard) {
    const [, day, month, year, hour, minute, second, zone] = standard;
    const offset = zoneOffset(zone!);
    const monthIndex = months.findIndex((name) => name.toLowerCase() === month!.toLowerCase());
    return offset === undefined
      ? undefined
      : instant(+year!, monthIndex, +day!, +hour!, +minute!, +(second ?? 0), offset, true);
  }
  const iso = iso8601.exec(trimmed);
  if (!iso) return undefined;
  const [, year, month, day, hour, minute, second, zone] = iso;
  return instant(
    +year!,
    +month! - 1,
    +day!,
    +(hour ?? 0),
    +(minute ?? 0),
    +(second ?? 0),
    zone === undefined ? undefined : zoneOffset(zone.replace(':', '')),
    false,
  );
}

function zoneOffset(zone: string): number | undefined {
  if (/^[+-]/.test(zone)) {
    const minutes = +zone.slice(1, 3) * 60 + +zone.slice(3, 5);
    return +zone.slice(3, 5) > 59 ? undefined : zone[0] === '-' ? -minutes : minutes;
  }
  return zones[zone.toLowerCase()];
}

function instant(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  offset: number | undefined,
  standard: boolean,
): ParsedDate | undefined {
  const date = new Date(Date.UTC(year, month, day));
  date.setUTCFullYear(year);
  // 31 April is none; a leap second is.
  if (month < 0 || month > 11 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) return undefined;
  const epochMs = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 - (offset ?? 0) * 60_000;
  return offset === undefined ? { epochMs, standard } : { epochMs, offset, standard };
}
