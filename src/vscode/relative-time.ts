/** How long ago something was, as a list says it: `now`, `5 min`, `3 h`, `yesterday`, `14 Aug`, `14 Aug 2023`. */
export function relativeTime(then: number, now: number): string {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  const date = new Date(then);
  const today = new Date(now);
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  if (then >= midnight || minutes < 6 * 60) return `${Math.floor(minutes / 60)} h`;
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1).getTime();
  if (then >= yesterday) return 'yesterday';
  const day = `${date.getDate()} ${months[date.getMonth()]}`;
  return date.getFullYear() === today.getFullYear() ? day : `${day} ${date.getFullYear()}`;
}

/** `14 Aug 2026 15:30:20`, in the time of this machine. */
export function exactTime(then: number): string {
  const date = new Date(then);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((each) => String(each).padStart(2, '0'));
  return `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()} ${clock.join(':')}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
