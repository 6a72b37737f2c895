/** How many letters and digits Looker's client IDs and client secrets have. */
export const LENGTH = { clientId: 20, clientSecret: 24 } as const;

/** How much of a text is searched for the rest of a value, in characters: a line of a table may be long. */
export const LONGEST_GAP = 200;

/** More pieces than any program breaks a value into, and words between two of them. */
const MOST_WORDS = 4;

/** Tags and entities of HTML, whose names would be words. */
const MARKUP = /<\/?[a-z][^<>]{0,40}>|&#?\w{1,8};/gi;

/** The name of another value, or the header of another section, which the rest of a value never stands behind. */
const NEXT_NAME =
  /\n\s*\[|(?:client|secret)(?![a-z\d])|(?!\d+(?!\w))[\w.-]{1,60}["'`*)\]]*\s*(?:=|[:：](?!\/))/i;

/** Words that begin the next line of a script. */
const SETTER = /^(?:export|setx?|setenv|env|declare|const|let|var)$/i;

/** The number of a line, as `cat -n` and pages with code write it. */
const LINE_NUMBER = /^\d{1,4}$/;

/** A digit, or a capital after a small letter, shows that a word is random, and not an ordinary one. */
export const RANDOM = /\d|[a-z][A-Z]/;

/** Signs, a bracket or an entity that stand for the rest of a value, directly after it. */
const MASK =
  /^["'`]*(?:[*•●∙▪■…]|[.·—–→!]{2}|[([{（「『【《](?=\S)|<(?!\/|(?:br|hr|p|div|li|t[dhr]|span|dd|dt)\b)|&(?!(?:amp|quot|apos|lt|gt|nbsp|#39|#34|#160);)#?\w{1,8};)/i;
/** The same in parentheses after a blank: ` (truncated)`. */
const REMARK = /^["'`]*[^\S\n]\([\p{L}.…]+\)/u;
/** The same before a value. */
const MASK_BEFORE = /…|\.{3}|\*{3}|[•●∙▪■]{2}/;
/** Letters that stand for the beginning or the end of a value. */
const PADDED = /^[xX]{4}|[xX]{4}$/;

/** Whether half of a key has this many characters. */
export function isLengthOfHalf(length: number): boolean {
  return length === LENGTH.clientId || length === LENGTH.clientSecret;
}

/**
 * Whether a value is only a part of half a key because the rest of it follows: words that complete its length exactly,
 * whatever stands between them. Ends of lines, signs that begin lines, operators, cells and tags all break values. So does
 * the source of a mail, where `3D` is left of an escaped `=`.
 * @param value of another length than its half has
 * @param after the text after the value
 */
export function isBroken(value: string, after: string): boolean {
  if (isLengthOfHalf(value.length - 2) && value.startsWith('3D')) return true;
  const text = after.slice(0, LONGEST_GAP).replace(MARKUP, ' ');
  const end = text.search(NEXT_NAME);
  const words = (end < 0 ? text : text.slice(0, end)).match(/[A-Za-z\d]+/g) ?? [];
  const pieces = words.filter((word) => !SETTER.test(word)).slice(0, MOST_WORDS);
  const begin = LINE_NUMBER.test(pieces[0] ?? '') ? 1 : 0;
  const isRest = (rest: string) => rest !== '' && isLengthOfHalf(value.length + rest.length);
  // Words of a sentence may complete the length by chance, so other pieces count only if one of them is random.
  const isRandomRest = (rest: readonly string[]) =>
    rest.some((word) => RANDOM.test(word)) && isRest(rest.join(''));
  return (
    isRest(pieces[0] ?? '') ||
    isRest(pieces[begin] ?? '') ||
    pieces.some((word) => isRandomRest([word])) ||
    pieces.some(
      (_, last) =>
        isRandomRest(pieces.slice(0, last + 1)) || isRandomRest(pieces.slice(begin, last + 1)),
    )
  );
}

/** Whether letters that stand for a part of a value are in it. */
export function isPadded(value: string): boolean {
  return PADDED.test(value) && !isLengthOfHalf(value.length);
}

/**
 * Whether signs around a value show that a part of it was cut off or masked. What opens before it may close after it.
 */
export function isMasked(value: string, before: string, after: string): boolean {
  const [opened = ''] = /\**$/.exec(before.replace(/["'`\s]+$/, '')) ?? [];
  const [closed = ''] = /^\**/.exec(after) ?? [];
  const rest = after.slice(Math.min(opened.length, closed.length));
  return isPadded(value) || MASK_BEFORE.test(before) || MASK.test(rest) || REMARK.test(rest);
}
