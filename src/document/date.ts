/** A `date-time` (RFC 5322 sections 3.3 and 4.3) as read. */
export interface MailDate {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Minutes east of UTC, as written. */
  readonly offset: number;
  /** The day of the week as written, and as the date has it. */
  readonly weekday?: { readonly written: string; readonly expected: string; readonly start: number };
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** obs-zone (RFC 5322 section 4.3); the military letters stand for `-0000`. */
const ZONES: Readonly<Record<string, number>> = {
  UT: 0,
  GMT: 0,
  Z: 0,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

const DATE_TIME =
  /^\s*(?:([A-Za-z]{3})\s*,\s*)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{2,4})\s+(\d{2})\s*:\s*(\d{2})(?:\s*:\s*(\d{2}))?\s+([+-]\d{4}|[A-Za-z]{1,3})\s*$/;

/** Reads a date as mail writes it; undefined where it is none. Comments are let pass at the end, where they stand. */
export function parseMailDate(text: string): MailDate | undefined {
  if (text.length > 200) return undefined;
  const match = DATE_TIME.exec(text.replace(/\([^()]*\)\s*$/, ''));
  if (!match) return undefined;
  const [, weekday, dayText, monthText, yearText, hourText, minuteText, secondText = '0', zone] = match;
  const month = MONTHS.indexOf(monthText!.toLowerCase());
  const day = Number(dayText);
  const [hour, minute, second] = [Number(hourText), Number(minuteText), Number(secondText)];
  const year = fullYear(yearText!);
  const offset = zoneOffset(zone!);
  if (month < 0 || offset === undefined || hour > 23 || minute > 59 || second > 60 || year < 1900) return undefined;
  const date = new Date(Date.UTC(year, month, day, hour, minute, Math.min(second, 59)));
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  const time = date.getTime() - offset * 60_000;
  if (weekday === undefined) return { time, offset };
  if (!DAYS.some((name) => name.toLowerCase() === weekday.toLowerCase())) return undefined;
  return {
    time,
    offset,
    weekday: { written: weekday, expected: DAYS[date.getUTCDay()]!, start: text.indexOf(weekday) },
  };
}

/** RFC 5322 section 4.3: two digits up to 49 are of this century; three digits count from 1900. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

function zoneOffset(zone: string): number | undefined {
  const numeric = /^([+-])(\d\d)(\d\d)$/.exec(zone);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3]);
    if (Number(numeric[3]) > 59) return undefined;
    return numeric[1] === '-' ? -minutes : minutes;
  }
  const known = ZONES[zone.toUpperCase()];
  return known ?? (/^[A-IK-Za-ik-z]$/.test(zone) ? 0 : undefined);
}
