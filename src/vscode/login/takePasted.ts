import { likelyHosts, namedHosts } from '../../looker/apiKeys/namedHosts';
import { readApiKeyText, showsSecret, type ApiKeyText } from '../../looker/apiKeys/pastedApiKey';
import { tryBaseUrl } from '../../looker/instance/baseUrl';
import type { Draft } from './loginDraft';

/**
 * Keeps the parts of a pasted key in the draft, and the hosts that the key may be for. A half that wasn't pasted stays as
 * it was.
 * @param text the whole pasted text
 */
export function takePasted(draft: Draft, key: ApiKeyText, text: string): Draft {
  const { clientId, clientSecret, baseUrl } = key;
  draft.isPasted = clientId !== undefined && clientSecret !== undefined;
  draft.clientId = clientId ?? draft.clientId;
  draft.clientSecret = clientSecret ?? draft.clientSecret;
  const pasted = tryBaseUrl(baseUrl);
  draft.pastedHosts =
    pasted === undefined
      ? namedHosts(text)
      : [{ hostname: new URL(pasted).hostname, baseUrl: pasted, rank: 2 }];
  return draft;
}

/** Keeps the hosts in a text that one half of a key was found in. After a key was taken, the box has only its half. */
export function takeHosts(draft: Draft, text: string): void {
  const hosts = namedHosts(text);
  if (hosts.length > 0) draft.pastedHosts = hosts;
}

/**
 * Takes a secret out of the URL's input box, which isn't masked. The draft keeps the key for the step that asks for it.
 * @returns what the box should contain instead: the URL that was pasted with the key, or nothing; undefined if the text
 *   has no secret
 */
export function takeSecretAway(draft: Draft, typed: string): string | undefined {
  const text = readApiKeyText(typed);
  if (text?.clientSecret === undefined) return undefined;
  const [host, another] = likelyHosts(takePasted(draft, text, typed).pastedHosts);
  return text.baseUrl ?? (another ? undefined : host?.baseUrl) ?? '';
}

/** The same for the list of instances. The box for the URL, which follows, gets a text that isn't understood, and masks it. */
export function seenInList(draft: Draft, typed: string): string | undefined {
  const instead = takeSecretAway(draft, typed);
  const seen = withoutSecret(instead ?? typed) ?? instead;
  if (typed !== '') draft.url = seen === '' && instead === undefined ? typed : undefined;
  return seen;
}

/**
 * What a list of instances should contain instead of a text. A list can't be masked as a box can, so nothing that may be a
 * secret stays there.
 * @returns the URL in the text, or nothing; undefined if the text has no secret
 */
export function withoutSecret(typed: string): string | undefined {
  if (!showsSecret(typed)) return undefined;
  const url = tryBaseUrl(typed) ?? '';
  return showsSecret(url) ? '' : url;
}
