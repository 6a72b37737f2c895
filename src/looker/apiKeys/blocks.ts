/** Brackets and tags that open or close a block. */
const BRACKETS = /[{}[\]]|<\/|\/>|<(?=\w)/g;
const OPENING = new Set(['{', '[', '<']);
/** Words and characters that begin or end a branch of a script. */
const BRANCH =
  /^\s*(?:\)\s*)?(?:else|elif|elsif|fi|esac|end|endif|done)\b|;;|^\s*(?:goto\b|:[a-z][\w-]*\s*$)/i;
/** Lines that separate the sides of a merge conflict, joined files, code from text, and the stages of a Dockerfile. */
const DIVIDER =
  /^\s*(?:<{4,}|={4,}|>{4,}|\|{4,}|==>|\*{3,}|`{3,}|~{3,}|from\s+(?:--\S+\s+)?\S+(?:\s+as\s+\S+)?\s*$)/i;

/** A line's indentation, which shows how deep in lists and mappings it is. The dash of a list counts as a blank. */
export function columnOf(line: string): number {
  return /^\s*(?:-\s+)*/.exec(line)?.[0].length ?? 0;
}

/**
 * Whether two places of a file are in different blocks, by the text between them: objects of JSON, mappings of YAML,
 * elements of XML, branches of a script, files that were joined.
 * @param column the indentation of the deeper place, see {@link columnOf}
 * @param isEntry whether each of the places is an object, a block or an element of its own
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

/** The outermost level of blocks that a text reaches, and the level at its end, both counted from where it begins. */
function depths(text: string): { least: number; end: number } {
  let [least, end] = [0, 0];
  for (const [bracket] of text.matchAll(BRACKETS)) {
    end += OPENING.has(bracket) ? 1 : -1;
    least = Math.min(least, end);
  }
  return { least, end };
}
