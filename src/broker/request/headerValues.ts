/** Header values in order of arrival, by lower-case name. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** @param rawHeaders alternating names and values, as Node provides them: nothing is joined or left out */
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
