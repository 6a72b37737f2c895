/** The first sentence. Those of errors say what happened; the rest says what to do. */
export function firstSentence(text: string): string {
  return /^.*?\.(?= \p{Lu})/u.exec(text)?.[0] ?? text;
}
