import * as l10n from '@vscode/l10n';
import { hostOf } from '../../looker/instance/host';
import { refusePlainHttp } from '../../looker/network/http';
import { cutInTheMiddle } from '../text/cutInTheMiddle';
import type { CommandContext } from '../context';
import type { Account } from '../../accounts/account';
import type { Probing } from './probing';

/** What has been answered so far; it survives every failure, so that only what is wrong is typed again. */
export interface Draft {
  /** As it was chosen or typed. */
  url?: string | undefined;
  /** Whether the instance was settled before, and there is no other to log in to. */
  readonly isSettled: boolean;
  /** Whether another extension asks. */
  readonly isForExtension: boolean;
  /** Looks at the instance that was answered last. */
  readonly probing: Probing;
  clientId: string;
  clientSecret: string;
  /** Client id and secret were pasted together: the secret need not be asked for. */
  isPasted: boolean;
  /** The instance that was named beside them. */
  pastedBaseUrl?: string | undefined;
  keepsKey: boolean;
  /** Who has logged in with the browser: nothing else is to be asked. */
  account?: Account | undefined;
  /** What went wrong, until it has been shown. */
  failure?: Error | undefined;
}

/** Goes on with an instance, and begins to look for Looker there. @throws PlainHttpError */
export function useInstance(context: CommandContext, draft: Draft, baseUrl: string): void {
  refusePlainHttp(context.settings.instance(baseUrl));
  draft.url = baseUrl;
  draft.probing.lookAt(baseUrl);
}

/** Letters of a host in a title, which VS Code cuts off at its end. */
const LONGEST_HOST = 40;

/**
 * Title of all that takes a key, or waits with one: names the host the key is sent to, by its end at least, so that no
 * host hides behind a long name.
 */
export function keyTitle({
  probing: { baseUrl },
  isForExtension,
}: Pick<Draft, 'probing' | 'isForExtension'>): string {
  if (baseUrl === undefined) return loginTitle(isForExtension);
  const host = cutInTheMiddle(hostOf(baseUrl), LONGEST_HOST);
  return isForExtension
    ? l10n.t('Log In to {0} for Another Extension', host)
    : l10n.t('Log In to {0}', host);
}

/** Title while the instance is not settled. */
export function loginTitle(isForExtension: boolean): string {
  return isForExtension
    ? l10n.t('Log In to Looker for Another Extension')
    : l10n.t('Log In to Looker');
}

/** What went wrong is shown once. */
export function takeFailure(draft: Draft): Error | undefined {
  const { failure } = draft;
  draft.failure = undefined;
  return failure;
}
