/**
 * Longest text that is searched for a URL or a key, in characters: many times the longest Explore link. Callers check
 * the length first, so that no text from outside can block the extension host.
 */
export const LONGEST_PASTE = 32_768;

/** What stands around a value in prose, code and chats, and is never the end of one. */
const AROUND = new Set('"\'`<>()*|,;!…“”„‘’«»‹›—–→•·。、，；：！？（）「」『』【】《》\u2800');

/** Invisible characters: zero-width characters, byte order marks, direction marks. */
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
