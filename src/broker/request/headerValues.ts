/** The headers of a message: of each name, in lower case, the values in the order in which they came. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** @param rawHeaders names and values in turn, as Node gives them: nothing is joined, nothing left out */
export function headerValues(rawHeaders: readonly string[]): HeaderValues {
  const all = new Map<string, string[]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name, value] = [(rawHeaders[i] ?? '').toLowerCase(), rawHeaders[i + 1] ?? ''];
    const values = all.get(name);
    if (values) values.push(value);
    else all.set(name, [value]);
  }
  return all;
}
