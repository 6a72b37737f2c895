import { visibleIn } from './keyShape';
import { LENGTH } from './partOfHalf';
import { readApiKeyText, showsSecret, type ApiKeyText } from './pastedApiKey';

/** The unmasked input box for a client ID after a change. */
export interface ClientIdBox {
  /** The API key, or half of one, in what was typed or pasted. */
  readonly key: ApiKeyText | undefined;
  /** What the box contains now; for a key, only its ID. */
  readonly text: string;
  readonly isHidden: boolean;
}

/**
 * Reads what was typed or pasted into the box. Text that may contain a secret is hidden, and so is what remains of it
 * while it is edited.
 * @param clientId the ID so far, which stays in the box if only a secret was pasted
 * @param wasHidden whether the text before the change was hidden
 */
export function clientIdBox(typed: string, clientId: string, wasHidden: boolean): ClientIdBox {
  const key = readApiKeyText(typed);
  const text = key ? (key.clientId ?? clientId) : typed;
  const isRest = key === undefined && wasHidden && typed !== '';
  return { key, text, isHidden: isRest || mayHoldSecret(text) };
}

/**
 * Whether a text in the box may contain a secret: it is longer than a client ID, names a secret, or has several words
 * that may be halves of a key.
 */
export function mayHoldSecret(text: string): boolean {
  if (text.trim().length > LENGTH.clientId) return true;
  return showsSecret(text) || (visibleIn(text).match(/[A-Za-z\d]{10,}/g)?.length ?? 0) > 1;
}
