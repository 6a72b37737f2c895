import { readApiKeyText, type ApiKeyText } from '../../looker/apiKeys/pastedApiKey';
import type { Draft } from './loginDraft';

/** The key in a pasted text, if it contains one. */
export function readKey(typed: string): ApiKeyText | undefined {
  const text = readApiKeyText(typed);
  return text?.clientId !== undefined || text?.clientSecret !== undefined ? text : undefined;
}

/** Stores a pasted key in the draft. */
export function takePasted(draft: Draft, { clientId, clientSecret, baseUrl }: ApiKeyText): Draft {
  draft.isPasted = clientId !== undefined && clientSecret !== undefined;
  draft.clientId = clientId ?? draft.clientId;
  draft.clientSecret = clientSecret ?? draft.clientSecret;
  draft.pastedBaseUrl = baseUrl;
  return draft;
}

/**
 * Removes an API key that was pasted into the box for the URL, where it would be visible, and stores it for the next
 * step.
 * @returns the URL beside the key, which stays in the box; undefined if there was no secret
 */
export function takeSecretAway(draft: Draft, typed: string): string | undefined {
  const text = readKey(typed);
  return text?.clientSecret === undefined
    ? undefined
    : (takePasted(draft, text).pastedBaseUrl ?? '');
}
