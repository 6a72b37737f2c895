import { readApiKeyText, type ApiKeyText } from '../../looker/apiKeys/pastedApiKey';
import type { Draft } from './loginDraft';

/** Keeps the parts of a pasted key in the draft. A half that wasn't pasted stays as it was. */
export function takePasted(draft: Draft, { clientId, clientSecret, baseUrl }: ApiKeyText): Draft {
  draft.isPasted = clientId !== undefined && clientSecret !== undefined;
  draft.clientId = clientId ?? draft.clientId;
  draft.clientSecret = clientSecret ?? draft.clientSecret;
  draft.pastedBaseUrl = baseUrl;
  return draft;
}

/**
 * Takes a secret out of the URL's input box, which isn't masked. The draft keeps the key for the step that asks for it.
 * @returns what the box should contain instead: the URL that was pasted with the key, or nothing; undefined if the text
 *   has no secret
 */
export function takeSecretAway(draft: Draft, typed: string): string | undefined {
  const text = readApiKeyText(typed);
  return text?.clientSecret === undefined
    ? undefined
    : (takePasted(draft, text).pastedBaseUrl ?? '');
}
