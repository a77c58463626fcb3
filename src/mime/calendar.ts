/** What an iCalendar text says of itself, as far as its part's header needs it. */
export interface CalendarFacts {
  readonly isCalendar: boolean;
  /** The METHOD property (RFC 5545 section 3.7.2), upper case. */
  readonly method?: string;
}

/** Reads the properties of the first VCALENDAR that stand before its first component; they may be folded (RFC 5545 section 3.1). */
export function calendarFacts(text: string): CalendarFacts {
  const begin = /^[ \t\ufeff]*BEGIN:VCALENDAR[ \t]*$/im.exec(text);
  if (!begin) return { isCalendar: false };
  const body = text.slice(begin.index + begin[0].length);
  const component = body.search(/^(?:BEGIN:(?!VCALENDAR)|END:VCALENDAR)/im);
  const head = (component < 0 ? body : body.slice(0, component)).replace(/\r?\n[ \t]/g, '');
  const method = /^METHOD(?:;[^:\r\n]*)?:([^\r\n]*)$/im.exec(head)?.[1]?.trim();
  return method === undefined || method === ''
    ? { isCalendar: true }
    : { isCalendar: true, method: method.toUpperCase() };
}
