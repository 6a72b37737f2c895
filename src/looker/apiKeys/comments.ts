/** A block from `begin` to `end`, or to the end of the text. */
const block = (begin: string, end: string) => String.raw`${begin}[^]*?(?:${end}|(?![^]))`;

const LINE_BEGINS = String.raw`^[^\S\n]*`;
/** A comment that takes a whole line. A line that only has `---` is none: it separates documents in YAML. */
const LINE = String.raw`(?:[#;]|\/\/|::|--(?!-[^\S\n]*(?:#|$))|@?rem(?=\s|$))[^\n]*`;

/** Comments, and the strings and escapes that must not be searched for comments. */
const COMMENTS_AND_STRINGS = new RegExp(
  [
    `(?<comment>${[
      LINE_BEGINS +
        `(?:${[
          block('"""', '"""'),
          block("'''", "'''"),
          block('<#', '#>'),
          block(String.raw`\/\*`, String.raw`\*\/`),
          LINE,
        ].join('|')})`,
      block('<!--', '-->'),
      // The look-behinds come after the comment signs. Before them, each blank in a run would scan the run again.
      block(String.raw`\/\*(?<=[;,{}()][^\S\n]?\/\*)`, String.raw`\*\/`),
      String.raw`#(?<=\s#)(?!\{)[^\n]*`,
      String.raw`\/\/(?<=[\s;,{}()\]]\/\/)[^\n]*`,
      // Only after punctuation: in a shell, `--` after a word ends the options of a command.
      String.raw`--(?<=["';,)\]}][^\S\n]--)[^\S\n][^\n]*`,
    ].join('|')})`,
    String.raw`(?:\\.)+`,
    block('"""', '"""'),
    block("'''", "'''"),
    String.raw`(?:"(?:[^"\\\n]|\\.)*")+`,
    "(?:'[^'\\n]*')+",
    '(?:`[^`\\n]*`)+',
  ].join('|'),
  'gim',
);

/**
 * Removes the comments of any language, but not in strings: whole lines, ends of lines, and blocks. Line numbers stay
 * the same, and the `//` of a URL or the `#` of a color isn't taken for a comment.
 * @param lines separated by `\n`
 */
export function withoutComments(lines: string): string {
  return lines.replace(COMMENTS_AND_STRINGS, (text, comment: string | undefined) =>
    comment === undefined ? text : comment.replace(/[^\n]+/g, ''),
  );
}
