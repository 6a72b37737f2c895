import type { LinkedCommand, Tooltip } from './statusBarContent';

/** Two blanks at the end of a line break it, and a rule needs an empty line before it. */
const LINE_BREAK = '  \n';
const RULE = '\n\n---\n\n';

/**
 * The tooltip in Markdown: the active account, the others, and the links, separated by rules.
 * @param escape escapes a text like `appendText` of VS Code's `MarkdownString`
 */
export function tooltipMarkdown(
  { heading, lines, others, links }: Tooltip,
  escape: (text: string) => string,
): string {
  const escaped = (text: string) => toLetters(escape(text));
  const parts = [
    [...(heading === undefined ? [] : [`**${escaped(heading)}**`]), ...lines.map(escaped)],
    others.map(escaped),
    [
      links
        .map(({ label, command }) => `[${escaped(label)}](command:${idOf(command)})`)
        .join(' | '),
    ],
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join(LINE_BREAK))
    .join(RULE);
}

/**
 * Completes the escaping, so that names from servers contain no Markdown. Blanks stay blanks, so that lines can wrap.
 * @param text was escaped by `appendText`, which leaves addresses, which become links, and a number with a dot, which
 *   starts a list
 */
function toLetters(text: string): string {
  return text
    .replaceAll('&nbsp;', ' ')
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replace(/www\./gi, (www) => www.replace('.', '&#46;'))
    .replace(/^(\d{1,9})\./, '$1\\.');
}

/** The ID of a command. */
export function idOf(command: LinkedCommand): string {
  return `lookerAuth.${command}`;
}
