// How scripts read their command lines.

/** The whole number passed to an option. @throws if it isn't one */
export function parseNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${option} takes a whole number, not ${text}.`);
  return Number(text);
}

/**
 * The parts of a script that its command line names, in the order of `parts`; all of them if it names none.
 * @param kind what a part is called in the error
 * @throws if it names an unknown one
 */
export function namedParts<Part>(
  kind: string,
  parts: Readonly<Record<string, Part>>,
): readonly (readonly [name: string, part: Part])[] {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) {
    throw new Error(`There is no ${kind} "${unknown}", only ${Object.keys(parts).join(', ')}.`);
  }
  return Object.entries(parts).filter(([name]) => named.length === 0 || named.includes(name));
}
