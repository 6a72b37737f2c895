/**
 * Shortens a text to at most this many letters by cutting out its middle. The end always stays, since it is what
 * matters in a host, and labels end with a host.
 */
export function cutInTheMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  // Letters as people count them: an emoji of several characters is one.
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  if (letters.length <= most) return text;
  const end = Math.floor((most * 2) / 3);
  const beginning = letters.slice(0, most - 1 - end).join('');
  return [beginning, ends(beginning), '…', ...letters.slice(-end)].join('');
}

/** What ends a name that was cut while its direction was isolated: otherwise, the host would be drawn before it. */
function ends(beginning: string): string {
  return beginning.lastIndexOf('\u2068') > beginning.lastIndexOf('\u2069') ? '\u2069' : '';
}
