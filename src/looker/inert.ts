// Makes text from outside inert where it comes in: in whatever it is put afterward, it is nothing but letters.

/** Longer input is cut before any pattern looks at it, so that no pattern takes long. */
const LONGEST_READ = 2000;
const LONGEST_NAME = 40;
const LONGEST_TEXT = 200;

/** Marks that may stand on one letter; more of them would be drawn over the lines above and below. */
const MOST_MARKS = 3;

/**
 * What nobody sees: characters that are drawn as nothing, turn the direction of writing, mean something to one program
 * alone, or mean nothing at all.
 */
const INVISIBLE =
  /(?:[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\p{Co}\p{Cn}\ufffc]|\u{16fe4})+/gu;

/** What looks like a blank: separators, control characters, and letters that are drawn empty. */
const BLANK = /[\p{Z}\p{Cc}\u2800\u{1d159}]+/gu;

const MARKS = new RegExp(String.raw`(\p{M}{${MOST_MARKS}})\p{M}+`, 'gu');

/** What begins a link, an icon, a tag or code in Markdown and in VS Code's labels, and what people read in its place. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '[': '(',
  ']': ')',
  '`': "'",
  $: '＄',
};
const ACTIVE = /[<>[\]`]|\$(?=\()/g;

/**
 * The same for what else means something in Markdown, between the double quotes of a shell, in a path or in a URL.
 * PowerShell takes curly quotes for straight ones.
 */
const LOOK_ALIKES_IN_NAMES: Readonly<Record<string, string>> = {
  '{': '(',
  '}': ')',
  '"': "'",
  '“': "'",
  '”': "'",
  '„': "'",
  $: '＄',
  '%': '％',
  '!': '！',
  '*': '∗',
  '|': '∣',
  '~': '∼',
  '/': '∕',
  '\\': '∕',
  ':': '∶',
};
const ACTIVE_IN_NAMES = /[{}"“”„$%!*|~/\\:]/g;

/**
 * A name from outside, of a user or of something else: one line of at most 40 characters that can be put into Markdown,
 * a label with icons, a line of the log, a file name, or between the double quotes of a shell, and stays a name there.
 * @returns '' where nothing of it can be seen
 */
export function inertName(text: string | null | undefined): string {
  const name = visible(text ?? '')
    .replace(ACTIVE_IN_NAMES, (character) => LOOK_ALIKES_IN_NAMES[character] ?? '')
    // `www.` and `&lt;` need no other sign to be read as a link or an entity.
    .replace(/www\./gi, 'www ')
    .replace(/&(?=#?\w+;)/g, '& ')
    // Inside a word it is a letter, as in `looker_service`.
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, ' ')
    // At the beginning of a line these make headings and lists, and at the end they close a heading.
    .replace(/^[\s\p{M}#+=.,;?@^-]+|(?: +#+)+ *$/gu, '')
    .replace(/^(\d{1,9})[.)](?=\s)/, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
  return cut(name, LONGEST_NAME);
}

/**
 * A piece of text from outside that is no name: a path, what a certificate says, what another program says went wrong.
 * One line of at most 200 characters, neither link nor icon; a path in it stays one.
 */
export function inertText(text: string | null | undefined): string {
  return cut(visible(text ?? ''), LONGEST_TEXT);
}

/** A message that may hold what other programs say: one line of the log, however many it has, and no other. */
export function oneLine(message: string): string {
  return message.slice(0, LONGEST_READ).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

function visible(text: string): string {
  return (
    text
      .slice(0, LONGEST_READ)
      .replace(BLANK, ' ')
      .replace(INVISIBLE, '')
      // An accent may be written in two ways that look the same.
      .normalize('NFC')
      .replace(MARKS, '$1')
      .replace(ACTIVE, (character) => LOOK_ALIKES[character] ?? '')
      .replace(/ {2,}/g, ' ')
      .trim()
  );
}

/** Cuts between two characters as people count them, so that no emoji and no accent is cut in half. */
export function cut(text: string, longest: number): string {
  // Most are short, and segmenting costs.
  if (text.length <= longest) return text;
  const characters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)];
  if (characters.length <= longest) return text;
  const kept = characters.slice(0, longest - 1).map(({ segment }) => segment);
  return `${kept.join('').trimEnd()}…`;
}

/** Letters of the scripts that are written from right to left, such as Hebrew and Arabic. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * The same text, with its direction of writing kept to itself: what follows a name in Arabic or Hebrew would otherwise be
 * drawn before it, where it begins with a number (Unicode Bidirectional Algorithm, UAX #9: first strong isolate).
 */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}
