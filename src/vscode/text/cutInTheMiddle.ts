/**
 * A text of at most so many letters: what is too much is taken out of its middle, so that its end always shows. The end
 * is what counts of a host, and a label ends with its host.
 */
export function cutInTheMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  // As people count them: an emoji of several characters is one letter.
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  if (letters.length <= most) return text;
  const end = Math.floor((most * 2) / 3);
  return [...letters.slice(0, most - 1 - end), '…', ...letters.slice(-end)].join('');
}
