const hex = Buffer.from('0123456789ABCDEF', 'latin1');
const maxLineLength = 76;

/** 1 for what stands for itself wherever it stands: printable, and neither `=` nor one of those that depend on their place (`.`, `F`, white space). */
const always = new Uint8Array(256);
for (let octet = 0x21; octet < 0x7f; octet++) if (!'=.F'.includes(String.fromCharCode(octet))) always[octet] = 1;

/**
 * Quoted-printable of text whose lines end in CRLF (RFC 2045 section 6.7): lines of at most 76 characters; white space at
 * a line's end, `From ` at its start and a lone `.` are encoded, so that no relay on the way changes or misreads them. With
 * `binary` the octets are no text: CR and LF are encoded like everything else, and come back as they were.
 */
export function encodeQuotedPrintable(input: Uint8Array, binary = false): Buffer {
  const size = input.length;
  let escapes = 0;
  for (let i = 0; i < size; i++) {
    const octet = input[i]!;
    if (octet > 0x7e || octet === 0x3d || (octet < 0x20 && octet !== 0x09)) escapes++;
  }
  // Each line may have three more at its start or end, and a soft break is three octets for at least 73.
  const estimate = size + 2 * escapes;
  const output = Buffer.allocUnsafe(
    estimate + 6 * (1 + countLineFeeds(input)) + 5 * (1 + Math.ceil(estimate / 70)) + 16,
  );
  let o = 0;
  let column = 0;
  for (let i = 0; i < size; i++) {
    const octet = input[i]!;
    if (always[octet] === 1 && column < maxLineLength - 1) {
      output[o++] = octet;
      column++;
      continue;
    }
    if (!binary && octet === 0x0d && input[i + 1] === 0x0a) {
      output[o++] = 0x0d;
      output[o++] = 0x0a;
      column = 0;
      i++;
      continue;
    }
    const atEnd = i + 1 === size || (!binary && input[i + 1] === 0x0d && input[i + 2] === 0x0a);
    let plain: boolean;
    if (octet === 0x20 || octet === 0x09) plain = !atEnd;
    else plain = octet > 0x20 && octet < 0x7f && octet !== 0x3d;
    // The last character of a line may take the column that a soft break would need.
    const width = plain ? 1 : 3;
    if (column + width > (atEnd ? maxLineLength : maxLineLength - 1)) {
      output[o++] = 0x3d;
      output[o++] = 0x0d;
      output[o++] = 0x0a;
      column = 0;
    }
    if (column === 0 && plain && ((octet === 0x46 && startsFrom(input, i)) || (octet === 0x2e && atEnd))) plain = false;
    if (plain) {
      output[o++] = octet;
      column++;
    } else {
      output[o++] = 0x3d;
      output[o++] = hex[octet >> 4]!;
      output[o++] = hex[octet & 15]!;
      column += 3;
    }
  }
  return output.subarray(0, o);
}

function startsFrom(input: Uint8Array, at: number): boolean {
  return (
    input[at + 1] === 0x72 && input[at + 2] === 0x6f && input[at + 3] === 0x6d && input[at + 4] === 0x20 // "rom "
  );
}

function countLineFeeds(input: Uint8Array): number {
  let count = 0;
  for (let at = input.indexOf(0x0a); at >= 0; at = input.indexOf(0x0a, at + 1)) count++;
  return count;
}

/** How many octets that will be at most, soft breaks apart: what decides between it and base64. */
export function quotedPrintableEstimate(input: Uint8Array): number {
  let length = input.length;
  for (let i = 0; i < input.length; i++) {
    const octet = input[i]!;
    if (octet > 0x7e || octet === 0x3d || (octet < 0x20 && octet !== 0x09 && octet !== 0x0d && octet !== 0x0a))
      length += 2;
  }
  return length + Math.floor(length / 75) * 3;
}
