/**
 * The longest text that is read for a URL or a key, in characters: many times the longest Explore link. Whoever reads
 * one looks at its length first, so that no text from outside can keep the extension host busy.
 */
export const LONGEST_PASTE = 32_768;

/** What stands around a value in prose, code and chats, and is never the end of one. */
const AROUND = new Set('"\'`<>()*|,;!…“”„‘’«»‹›—–→•·。、，；：！？（）「」『』【】《》\u2800');

/** What nobody sees: zero-width characters, byte order marks, marks of direction. */
export const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/**
 * The same text without blanks, control characters, quotes and brackets around it, and without a full stop after it.
 * @param closing other signs that are no end of it
 */
export function withoutDecoration(text: string, closing = ''): string {
  const isAfter = (character: string) =>
    isAround(character) || character === '.' || closing.includes(character);
  let start = 0;
  let end = text.length;
  while (start < end && isAround(text.charAt(start))) start++;
  while (end > start && isAfter(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isAround(character: string): boolean {
  return AROUND.has(character) || /[\s\p{Cc}]/u.test(character);
}
