/** A line `key = value` or `key: value`. */
export interface IniEntry {
  /** Counted from 1. */
  readonly line: number;
  readonly key: string;
  readonly delimiter: '=' | ':';
  /** What follows the delimiter, without blanks around it. */
  readonly value: string;
  /** For Python, a line that is indented more than the one before goes on with its value. */
  readonly isContinuation: boolean;
}

/** What stands under one header, up to the next. */
export interface IniBlock {
  readonly name: string;
  /** That of the header, counted from 1. */
  readonly line: number;
  /** A line that only looks like a header, such as `[prod`, begins a block too: what follows is not of the one before. */
  readonly isHeader: boolean;
  /** Whether the parsers for Node and for Python see a header: for Node none has a comment, for Python none is indented. */
  readonly isHeaderForAll: boolean;
  readonly entries: readonly IniEntry[];
}

/** The lines of an ini file as they are, under the headers they stand under. What comes before the first is left out. */
export function iniBlocks(contents: string): readonly IniBlock[] {
  const blocks: (Omit<IniBlock, 'entries'> & { entries: IniEntry[] })[] = [];
  let indentation = 0;
  linesOf(contents).forEach((text, index) => {
    const line = index + 1;
    const content = text.trim();
    if (content === '' || /^[;#]/.test(content)) return;
    const indented = text.length - text.trimStart().length;
    const block = blocks.at(-1);
    const isContinuation = (block?.entries.length ?? 0) > 0 && indented > indentation;
    if (!isContinuation) indentation = indented;
    if (content.startsWith('[')) {
      const end = content.indexOf(']');
      const rest = end < 0 ? '?' : content.slice(end + 1).trim();
      const isHeader = rest === '' || /^[;#][^\]]*$/.test(rest);
      const name = (end < 0 ? content.slice(1) : content.slice(1, end)).trim();
      const isHeaderForAll = rest === '' && !isContinuation;
      blocks.push({ name, line, isHeader, isHeaderForAll, entries: [] });
      return;
    }
    const at = content.search(/[=:]/);
    if (!block || at < 0) return;
    block.entries.push({
      line,
      key: content.slice(0, at).trim(),
      delimiter: content.charAt(at) === '=' ? '=' : ':',
      value: content.slice(at + 1).trim(),
      isContinuation,
    });
  });
  return blocks;
}

/** The lines of a text, whatever ends them. */
export function linesOf(contents: string): readonly string[] {
  return contents.split(/\r\n|[\n\r]/);
}
