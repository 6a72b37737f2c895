import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { NotLoggedInError } from '../account/errors';
import { hostOf } from '../../looker/instance/host';
import {
  readClientApp,
  register,
  registrationOf,
  removeClientApp,
  type ClientApp,
  type Registration,
} from '../../looker/oauth/clientApps';
import { ClientAppRefusedError } from '../../looker/oauth/clientAppErrors';
import { BrowserLoginUnsupportedError } from '../../looker/oauth/errors';
import { isRegistered } from '../../looker/oauth/tokenEndpoint';
import { accountChoice, activeFirst } from '../account/pickAccount';
import type { CommandContext } from '../context';
import { askInDialog, confirm } from '../prompts/confirm';
import { pick } from '../prompts/pick';
import { withProgress } from '../prompts/progress';
import { showDone } from '../prompts/showDone';
import { standalone } from '../prompts/steps';

/**
 * For Looker admins: registers Looker Auth as an OAuth client on their instance, so that all users can log in with the
 * browser; updates the registration; or removes it.
 * @throws NotLoggedInError; CanceledError; ClientAppsForbiddenError; LookerError
 */
export async function setUpBrowserLogin(context: CommandContext): Promise<void> {
  const { accounts } = context;
  // Sudo accounts have the rights of their users.
  const own = activeFirst(accounts).filter(({ account }) => !account.sudo);
  const [only, another] = own;
  if (!only) throw new NotLoggedInError();
  const admin = another
    ? await pick({
        place: standalone(l10n.t('Set Up Browser Login')),
        placeholder: l10n.t('Choose the admin account to use'),
        choices: own.map(accountChoice(context)),
      })
    : only.account;
  await setUpBrowserLoginOn(context, admin);
}

/** The same for a chosen account. @throws CanceledError; ClientAppsForbiddenError; LookerError */
export async function setUpBrowserLoginOn(context: CommandContext, admin: Account): Promise<void> {
  const { accounts, inquiries } = context;
  const { baseUrl } = admin;
  const host = hostOf(baseUrl);
  // Only API 4.0 has OAuth clients.
  if (admin.apiVersion !== '4.0') throw new BrowserLoginUnsupportedError(baseUrl);
  const client = inquiries.client(baseUrl);
  const api = (await accounts.tokenRequests()).apiOf(admin);
  const title = l10n.t('Checking the OAuth clients on {0}…', host);
  const { existing, registration } = await withProgress(title, (signal) =>
    withTokenOf(accounts, admin, signal, async (token) => {
      const existing = await readClientApp(api.options, token, client.clientId, signal);
      const release = await api.release(signal);
      return { existing, registration: registrationOf(client, existing, release?.release) };
    }),
  );
  if (existing && !registration) {
    await offerRemoval(context, admin, existing);
    return;
  }
  if (!registration) return;
  await confirm(
    existing
      ? l10n.t('Update browser login on {0}?', host)
      : l10n.t('Set up browser login on {0}?', host),
    whatIsSent(admin, registration),
    existing ? l10n.t('Update') : l10n.t('Set Up'),
  );
  await withProgress(l10n.t('Setting up browser login on {0}…', host), (signal) =>
    withTokenOf(accounts, admin, signal, async (token) => {
      await register(api.options, token, registration, signal);
      const loginClient = { clientId: client.clientId, redirectUri: client.redirectUris[0] };
      // Looker may have stored the client without enabling it.
      if ((await isRegistered(api.options, loginClient, signal)) === false) {
        throw new ClientAppRefusedError(baseUrl, 200, ['enabled']);
      }
    }),
  );
  showDone(l10n.t('Browser login is set up on {0}', host));
}

/** The exact request, and what it means. */
function whatIsSent({ label, baseUrl }: Account, { method, path, body }: Registration): string {
  return [
    l10n.t(
      'All users on {0} can then log in from VS Code with their browser, with the same permissions as in Looker. To limit this to a group, set the group of this OAuth client in Looker. Looker Auth sends this request as {1}:',
      hostOf(baseUrl),
      label,
    ),
    `${method} ${baseUrl}${path}`,
    JSON.stringify(body, undefined, 2),
  ].join('\n\n');
}

/** Asks twice, since removing the client logs users out. */
async function offerRemoval(
  { accounts }: CommandContext,
  admin: Account,
  { clientId, groupId }: ClientApp,
): Promise<void> {
  const host = hostOf(admin.baseUrl);
  const remove = l10n.t('Remove…');
  const answer = await askInDialog(
    l10n.t('Browser login is set up on {0}', host),
    groupId === undefined
      ? l10n.t('The OAuth client {0} is registered for all users.', clientId)
      : l10n.t('The OAuth client {0} is registered for the group {1}.', clientId, groupId),
    remove,
  );
  if (answer !== remove) return;
  await confirm(
    l10n.t('Remove browser login from {0}?', host),
    l10n.t(
      'Looker deletes the OAuth client {0}, and logs out all users who logged in with their browser.',
      clientId,
    ),
    l10n.t('Remove'),
  );
  await withProgress(l10n.t('Removing browser login from {0}…', host), (signal) =>
    withTokenOf(accounts, admin, signal, async (token) => {
      const { options } = (await accounts.tokenRequests()).apiOf(admin);
      await removeClientApp(options, token, clientId, signal);
    }),
  );
  showDone(l10n.t('Removed browser login from {0}', host));
}

async function withTokenOf<T>(
  accounts: Accounts,
  { id }: Account,
  signal: AbortSignal,
  work: (token: string) => Promise<T>,
): Promise<T> {
  return work((await accounts.session(id, signal)).token.value);
}
