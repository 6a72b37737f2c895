/** Looker makes the halves of a key of letters and digits; what else is pasted often is more than one half. */
export function looksLikeKey(text: string): boolean {
  return /^[A-Za-z0-9][\w-]*$/.test(text);
}

/** Without what files have around a value: quotes, and a comma or semicolon at its end. */
export function unquoted(typed: string): string {
  return typed
    .trim()
    .replace(/[,;]$/, '')
    .replace(/^(["'`])(.*)\1$/, '$2')
    .trim();
}

/** Whether a text that is typed or pasted may have a secret among what else it holds: too long for a client ID alone. */
export function mayHoldSecret(typed: string): boolean {
  return typed.length > LONGEST_HALF && !looksLikeKey(unquoted(typed));
}

/** Letters of a client ID, which is shorter than a secret. */
const LONGEST_HALF = 20;
