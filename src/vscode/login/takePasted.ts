import { readApiKeyText, type ApiKeyText } from '../../looker/apiKeys/pastedApiKey';
import type { Draft } from './loginDraft';

/** What a pasted text says of a key, where it says anything. */
export function readKey(typed: string): ApiKeyText | undefined {
  const text = readApiKeyText(typed);
  return text?.clientId !== undefined || text?.clientSecret !== undefined ? text : undefined;
}

/** Keeps what was pasted. */
export function takePasted(draft: Draft, { clientId, clientSecret, baseUrl }: ApiKeyText): Draft {
  draft.isPasted = clientId !== undefined && clientSecret !== undefined;
  draft.clientId = clientId ?? draft.clientId;
  draft.clientSecret = clientSecret ?? draft.clientSecret;
  draft.pastedBaseUrl = baseUrl;
  return draft;
}

/**
 * A key that was pasted where the URL is asked for, where everybody can read it: it is kept until it is asked for, and
 * leaves the box at once.
 * @returns what stays there, the URL beside the key; undefined where there is no secret
 */
export function takeSecretAway(draft: Draft, typed: string): string | undefined {
  const text = readKey(typed);
  return text?.clientSecret === undefined
    ? undefined
    : (takePasted(draft, text).pastedBaseUrl ?? '');
}
