/** Signs that open and close a block, an object, a list or an element. */
const BRACKETS = /[{}[\]]|<\/|\/>|<(?=\w)/g;
const OPENING = new Set(['{', '[', '<']);
/** Words and signs that begin another branch of a script, or end one. */
const BRANCH =
  /^\s*(?:\)\s*)?(?:else|elif|elsif|fi|esac|end|endif|done)\b|;;|^\s*(?:goto\b|:[a-z][\w-]*\s*$)/i;
/** What divides the two sides of a conflict, files that were joined, code in a text, and the stages of a Dockerfile. */
const DIVIDER =
  /^\s*(?:<{4,}|={4,}|>{4,}|\|{4,}|==>|\*{3,}|`{3,}|~{3,}|from\s+(?:--\S+\s+)?\S+(?:\s+as\s+\S+)?\s*$)/i;

/** How deep a line is in lists and mappings, by its indentation. The dash of a list counts as a blank. */
export function columnOf(line: string): number {
  return /^\s*(?:-\s+)*/.exec(line)?.[0].length ?? 0;
}

/** Whether a line begins an item of a list. */
export function beginsItem(line: string): boolean {
  return /^\s*-\s/.test(line);
}

/** Whether two lines are in different blocks or lists, because they are indented otherwise. */
export function isIndentedOtherwise(line: string, other: string): boolean {
  return columnOf(line) !== columnOf(other) || (beginsItem(other) && !beginsItem(line));
}

/**
 * Whether two places of a file are in different blocks, by the text between them: objects of JSON, mappings of YAML,
 * elements of XML, branches of a script, files that were joined.
 * @param column indentation of the deeper one
 * @param isEntry whether each of them is an object, a block or an element of its own
 */
export function isOtherBlock(between: string, column: number, isEntry: boolean): boolean {
  const lines = between.split('\n');
  const inner = lines.slice(1, -1).filter((line) => line.trim() !== '');
  const { least, end } = depths(lines.length > 1 ? lines.slice(0, -1).join('\n') : between);
  const isOuter = (line: string, index: number) =>
    !/[{}[\]<>]/.test(line) &&
    (columnOf(line) < column || (/:\s*$/.test(line) && !isDeeper(inner[index + 1], line)));
  return (
    Math.min(least, depths(between).least) < (isEntry ? -1 : 0) ||
    (lines.length > 1 && end > 0) ||
    lines.some((line) => BRANCH.test(line) || DIVIDER.test(line)) ||
    inner.some(isOuter)
  );
}

function isDeeper(line: string | undefined, other: string): boolean {
  return line !== undefined && columnOf(line) > columnOf(other);
}

/** How deep a text goes out of the block that it begins in, and where it ends, as numbers of blocks. */
function depths(text: string): { least: number; end: number } {
  let [least, end] = [0, 0];
  for (const [bracket] of text.matchAll(BRACKETS)) {
    end += OPENING.has(bracket) ? 1 : -1;
    least = Math.min(least, end);
  }
  return { least, end };
}
