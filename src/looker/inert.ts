// Makes text from outside inert as it comes in: wherever it is inserted later, it is plain text and nothing else.

/** Longer input is cut before any pattern runs on it, so that no pattern takes long. */
const LONGEST_READ = 2000;
const LONGEST_NAME = 40;
const LONGEST_TEXT = 200;

/** More combining marks than this on one letter would be drawn over the lines above and below. */
const MOST_MARKS = 3;

/** Invisible characters: drawn as nothing, changing the direction of writing, for private use, or unassigned. */
const INVISIBLE =
  /(?:[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\p{Co}\p{Cn}\ufffc]|\u{16fe4})+/gu;

/** Looks like a blank: separators, control characters, and letters that are drawn empty. */
const BLANK = /[\p{Z}\p{Cc}\u2800\u{1d159}]+/gu;

const MARKS = new RegExp(String.raw`(\p{M}{${MOST_MARKS}})\p{M}+`, 'gu');

/** Characters that start a link, an icon, a tag or code in Markdown and VS Code's labels, with harmless look-alikes. */
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
 * The same for characters with a meaning elsewhere in Markdown, inside a shell's double quotes, in a path or in a URL.
 * PowerShell treats curly quotes like straight ones.
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
 * Makes a name from outside, such as a user's, safe to insert into Markdown, a label with icons, a log line, a file
 * name, or a shell's double quotes. The result is one line of at most 40 characters.
 * @returns '' if nothing visible is left
 */
export function inertName(text: string | null | undefined): string {
  const name = visible(text ?? '')
    .replace(ACTIVE_IN_NAMES, (character) => LOOK_ALIKES_IN_NAMES[character] ?? '')
    // `www.` and `&lt;` are read as a link or an entity without any other special character.
    .replace(/www\./gi, 'www ')
    .replace(/&(?=#?\w+;)/g, '& ')
    // Underscores inside a word don't start emphasis, as in `looker_service`.
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, ' ')
    // These start a heading or a list at the beginning of a line, and close a heading at its end.
    .replace(/^[\s\p{M}#+=.,;?@^-]+|(?: +#+)+ *$/gu, '')
    .replace(/^(\d{1,9})[.)](?=\s)/, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
  return cut(name, LONGEST_NAME);
}

/**
 * Makes text from outside that isn't a name safe to show: a path, a field of a certificate, another program's message.
 * The result is one line of at most 200 characters without links or icons; a path stays readable.
 */
export function inertText(text: string | null | undefined): string {
  return cut(visible(text ?? ''), LONGEST_TEXT);
}

/** Turns a message that may contain another program's text into a single line for the log. */
export function oneLine(message: string): string {
  return message.slice(0, LONGEST_READ).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

function visible(text: string): string {
  return (
    text
      .slice(0, LONGEST_READ)
      .replace(BLANK, ' ')
      .replace(INVISIBLE, '')
      // An accented letter has two encodings that look the same.
      .normalize('NFC')
      .replace(MARKS, '$1')
      .replace(ACTIVE, (character) => LOOK_ALIKES[character] ?? '')
      .replace(/ {2,}/g, ' ')
      .trim()
  );
}

/** Cuts between two characters as people count them, so that no emoji or accented letter is split. */
export function cut(text: string, longest: number): string {
  // Most texts are short, and segmenting is slow.
  if (text.length <= longest) return text;
  const characters = charactersIn(text);
  if (characters.length <= longest) return text;
  return `${characters
    .slice(0, longest - 1)
    .join('')
    .trimEnd()}…`;
}

/** A letter with all its marks, a flag, or an emoji with its color. */
const LONGEST_CHARACTER = 1 + MOST_MARKS;

/**
 * The characters of a text as people count them. In some scripts any number of letters are one character for Unicode
 * (UAX #29), drawn beside one another: from a few on, each letter counts.
 */
export function charactersIn(text: string): readonly string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) =>
    segment.length > LONGEST_CHARACTER ? Array.from(segment) : [segment],
  ).flat();
}

/** Letters of scripts that are written from right to left, such as Hebrew and Arabic. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Isolates the direction of writing of a text. Otherwise, a number after an Arabic or Hebrew name would be drawn before
 * it (Unicode Bidirectional Algorithm, UAX #9: first strong isolate).
 */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}
