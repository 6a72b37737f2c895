/** The text before and after a variable on its line. */
export interface LineContext {
  readonly before: string;
  readonly after: string;
}

/** Longest text searched for a command, in characters, so that a line with many variables isn't slow. */
const LONGEST = 500;

/** Operators after which another command may follow on the same line. */
const END = /&&|[;&|]/;

/** The first two words of a command that sets variables in another place, such as `heroku config:set`. */
const COMMAND =
  /^\s*(?!(?:export|set|setx|setenv|env|declare|local|const|let|var)\b)([a-z][\w./-]*\s+[\w:./-]+)\s/i;

/** The command continues on the next line. */
const GOES_ON = /[\\^`]\s*$/;

/** Text after a variable that belongs to its command: arguments or a redirection. */
const ARGUMENTS = /^\)?\s*[>|\w./~-]/;

/** Words that set a variable in any language, and parts of the variables' names. They don't say where it is set. */
const SETTERS = new Set(
  (
    'export set setx setenv env environ environment getenv putenv os process item new path load declare typeset ' +
    'let const var local global default value x gx ux e base url client id secret api host verify ssl timeout'
  ).split(' '),
);

/**
 * Whether two lines set variables in different places, by the words around the variables: `alias dev='…'` and `alias
 * prod='…'`, `echo … >> dev.env` and `echo … >> prod.env`, `heroku config:set … -a dev` and `… -a prod`.
 */
export function isOtherCommand(line: LineContext, other: LineContext): boolean {
  if (GOES_ON.test(line.after)) return false;
  const [, command] = COMMAND.exec(`${line.before} `) ?? [];
  const isSame = command !== undefined && command === COMMAND.exec(`${other.before} `)?.[1];
  return (
    differ(line.before, other.before) ||
    differ(argumentsIn(line), argumentsIn(other)) ||
    (isSame && argumentsIn(line) !== argumentsIn(other))
  );
}

/** The same for two variables on one line, given the text before, between, and after them. */
export function hasOtherCommand(before: string, between: string, after: string): boolean {
  if (!END.test(between)) return false;
  const [first = '', ...others] = between.split(END);
  return isOtherCommand(
    { before: before.slice(-LONGEST).split(END).at(-1) ?? '', after: first },
    { before: others.at(-1) ?? '', after: after.slice(0, LONGEST).split(END)[0] ?? '' },
  );
}

/** Whether both texts have words that may name a place, and these differ. */
function differ(text: string, other: string): boolean {
  const [words, others] = [wordsIn(text), wordsIn(other)];
  return words !== '' && others !== '' && words !== others;
}

function wordsIn(text: string): string {
  const words =
    withoutVariables(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
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
