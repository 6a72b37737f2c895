/** What a pasted text says of an API key. */
export interface ApiKeyText {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** As it is written there. */
  readonly baseUrl?: string;
}

const NAMES: Readonly<Record<string, keyof ApiKeyText>> = {
  clientid: 'clientId',
  clientsecret: 'clientSecret',
  baseurl: 'baseUrl',
};

const NAME = String.raw`(?:LOOKER(?:SDK)?_)?(client[ _-]?id|client[ _-]?secret|base_?url)["']?\s*[=:]`;

/**
 * `client_id = …` and the like, wherever it stands: lines of looker.ini, of an environment (`export`, the SDKs'
 * `LOOKERSDK_`), of JSON or YAML; also with all lines run together, as one-line input boxes do it.
 */
const NAMED = new RegExp(
  String.raw`(?<![a-z\d])${NAME}\s*(?:"([^"]*)"|'([^']*)'|(?!${NAME.replace('(client', '(?:client')})([^\s"',;}]+))`,
  'gi',
);

/** What Looker makes keys of; a bare pair is only taken for one when both halves look like that. */
const PAIR = /^([a-z\d]{16,64})(?:\s*[:,;]\s*|\s+)([a-z\d]{16,64})$/i;

/**
 * Understands client id and secret that were pasted together: two lines, `id:secret`, `id secret`, an ini or env
 * block, JSON.
 * @returns undefined where the text is no more than one value, or names several keys
 */
export function readApiKeyText(text: string): ApiKeyText | undefined {
  const [, clientId, clientSecret] = PAIR.exec(text.trim()) ?? [];
  if (clientId && clientSecret) return { clientId, clientSecret };
  const found: Partial<Record<keyof ApiKeyText, string>> = {};
  for (const [, name = '', ...values] of text.matchAll(NAMED)) {
    const what = NAMES[name.toLowerCase().replace(/[ _-]/g, '')];
    const value = values.find(Boolean)?.trim();
    if (!what || !value) continue;
    // Several keys: the id of one must never go with the secret of another.
    if (found[what] !== undefined && found[what] !== value) return undefined;
    found[what] = value;
  }
  return found.clientId !== undefined || found.clientSecret !== undefined ? found : undefined;
}
