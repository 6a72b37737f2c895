// How scripts read their command lines.

/** The whole number that an option was given. @throws where it is none */
export function parseNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${option} takes a whole number, not ${text}.`);
  return Number(text);
}

/**
 * Those of a script's parts that its command line names, in the order there is; all where it names none.
 * @param kind what they are called
 * @throws where it names one that there is not
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
