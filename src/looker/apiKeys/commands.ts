/** The text before and after a variable on its line. */
export interface LineContext {
  readonly before: string;
  readonly after: string;
}

/** Commands are shorter, in characters. A longer line may have many, each of which is read once. */
const LONGEST = 500;

/** What ends a command, so that another one may follow on the same line. */
const END = /&&|[;&|]/;

/** A command, a list or an object continues on the next line. */
const GOES_ON = /[\\^`,]\s*$/;

/** Text after a variable that belongs to its command: arguments or a redirection. */
const ARGUMENTS = /^\)?\s*[>|\w./~-]/;

/** Words that set a variable in any language, and names of the variables themselves. They don't say where. */
const SETTERS = new Set(
  (
    'export set setx setenv setenvironmentvariable env environ environment getenv putenv os process item new path ' +
    'load declare typeset let const var local global arg default value x gx ux e base url client id secret api host verify ssl timeout'
  ).split(' '),
);

/** Whether a line continues on the next one, which then belongs to it, however it is indented. */
export function isUnfinished(line: string): boolean {
  return GOES_ON.test(line);
}

/**
 * Whether two lines set variables in different places or under different conditions, by the words around the variables:
 * `alias dev='…'` and `alias prod='…'`, `echo … >> dev.env` and `echo … >> prod.env`, `if prod: …` and no condition.
 */
export function isOtherCommand(line: LineContext, other: LineContext): boolean {
  return (
    wordsIn(line.before) !== wordsIn(other.before) ||
    wordsIn(argumentsIn(line)) !== wordsIn(argumentsIn(other))
  );
}

/** The same for two variables on one line, with the text before, between, and after them. */
export function hasOtherCommand(before: string, between: string, after: string): boolean {
  if (!END.test(between)) return false;
  const [first = '', ...others] = between.split(END);
  return isOtherCommand(
    { before: before.slice(-LONGEST).split(END).at(-1) ?? '', after: first },
    { before: others.at(-1) ?? '', after: after.slice(0, LONGEST).split(END)[0] ?? '' },
  );
}

/** The words that may name a place or a condition. */
function wordsIn(text: string): string {
  const words =
    withoutVariables(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+|&&|\|\|/gu) ?? [];
  return words.filter((word) => !SETTERS.has(word) && !/^\d+$/.test(word)).join(' ');
}

function argumentsIn({ after }: LineContext): string {
  const rest = withoutVariables(after);
  return ARGUMENTS.test(rest) ? rest : '';
}

function withoutVariables(text: string): string {
  return text
    .split(/["'\s\\]+/)
    .filter((word) => !/LOOKER\w*=/i.test(word))
    .join(' ')
    .trim();
}
