import * as l10n from '@vscode/l10n';
import { RequestRefusal } from '../requestRefusal';

/** An operation that terminals may not perform, and its path after the API version. */
interface Forbidden {
  readonly path: RegExp;
  /** Whether GET and HEAD are forbidden, too. */
  readonly evenToRead?: true;
  readonly sentence: () => string;
}

const actAsOthers = () =>
  l10n.t("A terminal can't act as another user. Open a terminal as that user instead.");

/**
 * Operations whose effects outlast the terminal, or that act as another user. Only the user may do these, in VS Code or
 * in Looker. The paths are those of Looker's API 3.0 to 4.0.
 */
const FORBIDDEN: readonly Forbidden[] = [
  // login_user
  { path: /^login\b[^/]*\/./, sentence: actAsOthers },
  // create_user_credentials_api3, and API 3.0's credentials_api
  {
    path: /(^|\/)credentials_api/,
    sentence: () => l10n.t("A terminal can't create or change API keys. Do that in Looker."),
  },
  // register_oauth_client_app, activate_app_user, …
  {
    path: /^oauth_client_app/,
    sentence: () => l10n.t("A terminal can't register or change OAuth clients. Do that in Looker."),
  },
  // Looker's OAuth server, whose tokens can be refreshed
  {
    path: /^token\b/,
    evenToRead: true,
    sentence: () => l10n.t("A terminal can't get OAuth tokens. Log in to Looker Auth instead."),
  },
  // create_sso_embed_url, acquire_embed_cookieless_session, create_embed_url_as_me, …
  { path: /^embed\b/, sentence: actAsOthers },
  // create_embed_secret: whoever has such a secret can log in as any user
  {
    path: /^embed_(config\b.*\/)?secret/,
    sentence: () => l10n.t("A terminal can't create or change embed secrets. Do that in Looker."),
  },
  // create_user_credentials_email_password_reset and send_…: they return a URL that logs in as that user
  { path: /(^|\/)credentials_email\b[^/]*\/[^/]*password_reset/, sentence: actAsOthers },
];

/**
 * Refuses forbidden operations.
 * @param words the path's segments after the API version, in lower case
 * @throws RequestRefusal
 */
export function refuseForbidden(method: string, words: readonly string[]): void {
  const path = words.join('/');
  const reads = method === 'GET' || method === 'HEAD';
  const hit = FORBIDDEN.find((one) => (!reads || one.evenToRead) && one.path.test(path));
  if (hit) throw new RequestRefusal(403, hit.sentence());
}
