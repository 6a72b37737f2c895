/**
 * Longest text that is searched for a URL or a key, in characters: many times the longest Explore link. Callers check
 * the length first, so that no text from outside can block the extension host.
 */
export const LONGEST_PASTE = 32_768;

/** Characters around a value in prose, code and chats. A value never starts or ends with one of them. */
const AROUND = new Set('"\'`<>()*|,;!…“”„‘’«»‹›—–→•·。、，；：！？（）「」『』【】《》\u2800');

/** Invisible characters: zero-width characters, byte order marks, direction marks. */
export const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/**
 * Removes blanks, control characters, quotes and brackets around a text, and periods after it.
 * @param closing other characters to remove after it
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
