import type { LinkedCommand, Tooltip } from './statusBarContent';

/** Two blanks before the end of a line break it there, and a rule needs an empty line before it. */
const LINE_BREAK = '  \n';
const RULE = '\n\n---\n\n';

/**
 * The active account in full, a line for each other one, and what to do, with a rule between them.
 * @param escape what `appendText` of VS Code's `MarkdownString` makes of a text
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
        .map(({ words, command }) => `[${escaped(words)}](command:${idOf(command)})`)
        .join(' | '),
    ],
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join(LINE_BREAK))
    .join(RULE);
}

/**
 * Names come from servers: nothing of them is Markdown. With blanks, unlike `appendText`, so that lines break there.
 * @param text is escaped by `appendText`, which leaves addresses, that become links, and a number with a dot, that begins
 * a list
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
