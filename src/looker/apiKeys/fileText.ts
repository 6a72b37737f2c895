/** The longest file that is read for API keys, in characters: many times what a hundred sections take. */
export const LONGEST_FILE = 48_000;

/**
 * The text of a file as editors and shells write it: UTF-8, or UTF-16 as PowerShell does, with or without a byte order
 * mark. Bytes that are no text become U+FFFD.
 */
export function textOf(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  const isUtf16 = bytes.length > 1;
  // Without a mark, the zero of the first letter tells: no such file begins with a letter of another script.
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  if (isUtf16 && isLittle) return new TextDecoder('utf-16le').decode(bytes);
  if (isUtf16 && isBig) return new TextDecoder('utf-16le').decode(swapped(bytes));
  return new TextDecoder().decode(bytes);
}

/** Not every runtime has a decoder for the other order of bytes. */
function swapped(bytes: Uint8Array): Uint8Array {
  const even = bytes.slice(0, bytes.length - (bytes.length % 2));
  return Buffer.from(even).swap16();
}
