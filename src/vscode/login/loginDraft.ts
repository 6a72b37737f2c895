import * as l10n from '@vscode/l10n';
import type { NamedHost } from '../../looker/apiKeys/namedHosts';
import { hostOf } from '../../looker/instance/host';
import { refusePlainHttp } from '../../looker/network/http';
import { cutInTheMiddle } from '../text/cutInTheMiddle';
import type { CommandContext } from '../context';
import type { Account } from '../../accounts/account';
import type { Probing } from './probing';

/** The answers so far. They survive every failure and Back, so that the user corrects only what is wrong. */
export interface Draft {
  /** As chosen or typed. */
  url?: string | undefined;
  /** Whether the caller has chosen the instance. */
  readonly isSettled: boolean;
  /** Whether another extension requests the login. */
  readonly isForExtension: boolean;
  /** Looks for Looker at the latest instance. */
  readonly probing: Probing;
  clientId: string;
  clientSecret: string;
  /** Client ID and secret were pasted together, so the secret isn't asked for. */
  isPasted: boolean;
  /** The hosts in the pasted text. */
  pastedHosts: readonly NamedHost[];
  keepsKey: boolean;
  /** Set after a login with the browser: no more questions. */
  account?: Account | undefined;
  /** An error that hasn't been shown yet. */
  failure?: Error | undefined;
}

/** Chooses an instance, and starts to look for Looker there. @throws PlainHttpError */
export function useInstance(context: CommandContext, draft: Draft, baseUrl: string): void {
  refusePlainHttp(context.settings.instance(baseUrl));
  draft.url = baseUrl;
  draft.probing.lookAt(baseUrl);
}

/** Longest host in a title, in letters: VS Code cuts off the end. */
const LONGEST_HOST = 40;

/**
 * Title of prompts with a key. It names the host that gets the key, and always shows its end, so that no host can hide
 * behind a long name.
 */
export function keyTitle({
  probing: { baseUrl },
  isForExtension,
}: Pick<Draft, 'probing' | 'isForExtension'>): string {
  if (baseUrl === undefined) return loginTitle(isForExtension);
  const host = cutInTheMiddle(hostOf(baseUrl), LONGEST_HOST);
  return isForExtension
    ? l10n.t('Log In to {0} for an Extension', host)
    : l10n.t('Log In to {0}', host);
}

/** Title before the instance is chosen. */
export function loginTitle(isForExtension: boolean): string {
  return isForExtension ? l10n.t('Log In to Looker for an Extension') : l10n.t('Log In to Looker');
}

/** Returns the error to show, only once. */
export function takeFailure(draft: Draft): Error | undefined {
  const { failure } = draft;
  draft.failure = undefined;
  return failure;
}
