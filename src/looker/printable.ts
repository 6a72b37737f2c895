/** Control characters and direction overrides. */
const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;

const LONGEST_NAME = 100;
const LONGEST_TEXT = 500;

/** A name from elsewhere, which must not rewrite the text around it: one line, of sensible length. */
export function printableName(text: string | null | undefined): string {
  return withoutUnprintable(text ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_NAME);
}

/** A sentence with what servers say of themselves in it: nothing of that may rewrite the text around it. */
export function printableText(text: string): string {
  return withoutUnprintable(text).slice(0, LONGEST_TEXT);
}

function withoutUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, ' ');
}
