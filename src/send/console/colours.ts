const RESET = '\x1b[0m';
const BOLD = '\x1b[1m';
const DIM = '\x1b[2m';
const RED = '\x1b[31m';
const GREEN = '\x1b[32m';
const YELLOW = '\x1b[33m';
const CYAN = '\x1b[36m';

/**
 * A line of the transcript, or of the console's own, with the colours of a terminal. Control characters must be gone
 * already; the transcript shows them as `\xNN`.
 */
export function coloured(line: string): string {
  const reply = /^(<[-~][ *]) (\d{3})([ -]?)(.*)$/s.exec(line);
  if (reply) {
    const [, mark = '', code = '', separator = '', text = ''] = reply;
    const colour = code.startsWith('2') ? GREEN : code.startsWith('3') ? YELLOW : RED;
    return `${DIM}${mark}${RESET} ${colour}${BOLD}${code}${RESET}${colour}${separator}${text}${RESET}`;
  }
  const sent = /^( [-~]>) (\S*)(.*)$/s.exec(line);
  if (sent) return `${DIM}${sent[1]}${RESET} ${CYAN}${BOLD}${sent[2]}${RESET}${CYAN}${sent[3]}${RESET}`;
  if (line.startsWith('===')) return `${DIM}${line}${RESET}`;
  if (line.startsWith('***')) return `${RED}${line}${RESET}`;
  return line;
}

/** The console's prompt. */
export function colouredPrompt(text: string): string {
  return `${BOLD}${text}${RESET}`;
}
