/**
 * Longest text that is searched for a URL or a key, in characters: many times the longest Explore link. Callers check
 * the length first, so that no text from outside can block the extension host.
 */
export const LONGEST_PASTE = 32_768;

/** Surrounds values in prose, code and chats, and is never the last character of a value. */
const AROUND = new Set('"\'`<>()*|,;!…“”„‘’«»\u2800');

/** Invisible characters: zero-width characters, byte order marks, direction marks. */
export const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** Removes surrounding blanks, control characters, quotes and brackets, and a final full stop. */
export function withoutDecoration(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isAround(text.charAt(start))) start++;
  while (end > start && (isAround(text.charAt(end - 1)) || text.charAt(end - 1) === '.')) end--;
  return text.slice(start, end);
}

function isAround(character: string): boolean {
  return AROUND.has(character) || /[\s\p{Cc}]/u.test(character);
}
