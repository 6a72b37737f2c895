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
  return [...letters.slice(0, most - 1 - end), '…', ...letters.slice(-end)].join('');
}
