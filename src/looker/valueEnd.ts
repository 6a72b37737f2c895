/** What follows a value that is only part of one, on the same line or, indented, on the next. */
const GOES_ON = new RegExp(
  String.raw`["'${'`'}]*(?:` +
    [
      // Directly: a word, a variable, an index, a port, a call, another host.
      String.raw`[\w$@[{\\]|-\w|#\{|[:?]\S|\.(?:\w|[^\S\n]*["'$(a-z])|[&;][\w-]*\.\w`,
      // After blanks: operators.
      // `… || exit 1` is what a script does if it can't set the value.
      String.raw`[^\S\n]*(?:[+~]|<>|\|\|(?!\s*(?:exit|true|false|return|die|echo)\b)|%[^\S\n]*["'(\w]|\?\??[^\S\n]*["'$\w])`,
      String.raw`[^\S\n]*&[^\S\n]*(?:["'$(]|[\w-]+[^\S\n]*(?:&(?!&)|\.\w|(?=\n)|(?![^])))`,
      String.raw`[^\S\n]+(?:\.[^\S\n]*["'$(\w]|["'][.:][\w$]|if\b[^\n]{0,300}\belse\b)`,
      String.raw`[^\S\n]*\n[^\S\n]+(?:\+|~\s|\|\||\.\w+\()`,
    ].join('|') +
    ')',
  'y',
);

/**
 * Whether a value goes on in a text: it is joined to other strings or variables, as in `"https://acme" + suffix` or
 * `https://acme"$ENV".looker.com`, so that it is only part of what a program reads.
 * @param at position after the value, with or without its closing quote
 */
export function goesOn(text: string, at: number): boolean {
  GOES_ON.lastIndex = at;
  return GOES_ON.test(text);
}
