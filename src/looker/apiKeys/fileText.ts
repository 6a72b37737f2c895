/** Longest file that is searched for API keys, in characters. Even a hundred sections are much shorter. */
export const LONGEST_FILE = 48_000;

/**
 * The text of a file as editors and shells write it: UTF-8, or UTF-16 as PowerShell does, with or without a byte order
 * mark. Bytes that aren't text become U+FFFD.
 */
export function textOf(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  const isUtf16 = bytes.length > 1;
  // Without a mark, the zero byte of the first letter shows the order: these files always start with an ASCII
  // character.
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  if (isUtf16 && isLittle) return new TextDecoder('utf-16le').decode(bytes);
  if (isUtf16 && isBig) return new TextDecoder('utf-16le').decode(swapped(bytes));
  return new TextDecoder().decode(bytes);
}

/** Not every runtime has a decoder for big-endian UTF-16. */
function swapped(bytes: Uint8Array): Uint8Array {
  const even = bytes.slice(0, bytes.length - (bytes.length % 2));
  return Buffer.from(even).swap16();
}
