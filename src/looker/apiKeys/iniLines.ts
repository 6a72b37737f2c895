/** A line `key = value` or `key: value`. */
export interface IniEntry {
  /** Counted from 1. */
  readonly line: number;
  readonly key: string;
  readonly delimiter: '=' | ':';
  /**
   * The text after the delimiter, trimmed. Following lines that are indented more and have no delimiter are part of it,
   * so that half a URL is never taken for the whole.
   */
  readonly value: string;
  /** The next line if it has no delimiter and isn't indented, so that parsers ignore or refuse it; otherwise empty. */
  readonly below: string;
  /** Python's parser appends a line that is indented more than the previous entry to that entry's value. */
  readonly isContinuation: boolean;
}

/** The lines below one header, up to the next. */
export interface IniBlock {
  readonly name: string;
  /** Line of the header, counted from 1. */
  readonly line: number;
  /**
   * False for a line that only looks like a header, such as `[prod`. It also starts a block, so that the lines below it
   * don't count for the previous section.
   */
  readonly isHeader: boolean;
  /** Whether both parsers see a header: Node's ignores one with a comment, Python's one that is indented. */
  readonly isHeaderForAll: boolean;
  readonly entries: readonly IniEntry[];
}

export interface IniLines {
  /** Lines before the first header, which belong to no section. */
  readonly headless: readonly IniEntry[];
  readonly blocks: readonly IniBlock[];
}

/** Groups the lines of an ini file, unchanged, by their headers. */
export function iniLines(contents: string): IniLines {
  const headless: IniEntry[] = [];
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
    const last = block?.entries.at(-1);
    if (at < 0 && last && isContinuation) {
      block?.entries.splice(-1, 1, { ...last, value: `${last.value}\n${content}` });
    } else if (at < 0 && last?.below === '') {
      block?.entries.splice(-1, 1, { ...last, below: content });
    }
    if (at < 0) return;
    (block?.entries ?? headless).push({
      line,
      key: content.slice(0, at).trim(),
      delimiter: content.charAt(at) === '=' ? '=' : ':',
      value: content.slice(at + 1).trim(),
      below: '',
      isContinuation,
    });
  });
  return { headless, blocks };
}

/** Splits a text into lines at any kind of line ending. */
export function linesOf(contents: string): readonly string[] {
  return contents.split(/\r\n|[\n\r]/);
}
