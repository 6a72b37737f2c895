/** The end of a block comment, or of the text. */
const block = (begin: string, end: string) => String.raw`${begin}[^]*?(?:${end}|(?![^]))`;

const LINE_BEGINS = String.raw`^[^\S\n]*`;
/** A line that only has `---` separates documents in YAML. */
const LINE = String.raw`(?:[#;]|\/\/|::|--(?!-[^\S\n]*(?:#|$))|@?rem(?=\s|$))[^\n]*`;

/** Comments, and what isn't searched for any: escaped characters and strings. */
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
      // The look-behinds stand after the signs, so that no run of blanks is read again for each blank.
      block(String.raw`\/\*(?<=[;,{}()][^\S\n]?\/\*)`, String.raw`\*\/`),
      String.raw`#(?<=\s#)(?!\{)[^\n]*`,
      String.raw`\/\/(?<=[\s;,{}()\]]\/\/)[^\n]*`,
      // In a shell, `--` after a word ends the options of a command.
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
 * Removes comments, as any language has them, outside of strings: lines, ends of lines, and blocks. Lines stay where
 * they are, and so do URLs and colors.
 * @param lines separated by `\n`
 */
export function withoutComments(lines: string): string {
  return lines.replace(COMMENTS_AND_STRINGS, (text, comment: string | undefined) =>
    comment === undefined ? text : comment.replace(/[^\n]+/g, ''),
  );
}
