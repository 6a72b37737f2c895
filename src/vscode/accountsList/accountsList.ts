import * as l10n from '@vscode/l10n';
import { instanceOf, whoIs, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accounts';
import type { UnreadableAccountError } from '../../accounts/errors';
import { hostOf } from '../../looker/host';
import { iconOf, standing, whereIs } from '../account/accountLine';
import type { LoginPreset } from '../login/loginPreset';
import { conditionOf, mustLogIn } from '../account/accountState';
import { unreadableStep } from '../messages/nextStep';

/** What a line or a button of the accounts list does. */
export type Deed =
  | {
      readonly do:
        'activate' | 'renew' | 'copy' | 'loginAsUser' | 'stopActing' | 'openTerminal' | 'logout';
      readonly account: Account;
    }
  | { readonly do: 'openInstance'; readonly baseUrl: string }
  | { readonly do: 'forget'; readonly accountId: string }
  | { readonly do: 'loginAgain'; readonly preset: LoginPreset }
  | {
      readonly do: 'showExtension' | 'login' | 'importIni' | 'logoutSome' | 'logoutAll' | 'showLog';
    };

/** A deed, as it is offered. */
export interface Offer {
  readonly icon: string;
  readonly words: string;
  readonly deed: Deed;
}

/** A line to choose. */
export interface Line extends Offer {
  /** The same as long as it is about the same. */
  readonly key: string;
  /** Beside the words; says whatever the icon says, too. */
  readonly description?: string;
  readonly detail?: string;
  readonly buttons?: readonly Offer[];
}

/** Lines that belong together. */
export interface Section {
  /** None where each line says it. */
  readonly heading?: string;
  readonly lines: readonly Line[];
}

/** What there is to list. */
export interface AccountsListState {
  /** By instance, each admin followed by those they act as. */
  readonly accounts: readonly AccountStatus[];
  readonly active: AccountStatus | undefined;
  readonly unreadable: readonly UnreadableAccountError[];
  /** What people call an instance. */
  readonly nameOf: (baseUrl: string) => string;
  /** Who has had an account of this id, as far as is remembered. */
  readonly whoWas: (accountId: string) => Account | undefined;
}

/** What stays in sight, however many accounts there are. */
export function titleOffers(count: number): readonly Offer[] {
  return [
    { icon: 'add', words: l10n.t('Log In…'), deed: { do: 'login' } },
    ...(count > 0
      ? [{ icon: 'sign-out', words: l10n.t('Log Out…'), deed: { do: 'logoutSome' } } as const]
      : []),
  ];
}

/** The whole accounts list: a section an instance, then what can be done with the active account and besides. */
export function accountsList(state: AccountsListState): readonly Section[] {
  const { accounts, active, unreadable } = state;
  const instances = new Set([
    ...accounts.map(({ account }) => account.baseUrl),
    ...unreadable.map(({ accountId }) => instanceOf(accountId)),
  ]);
  const sections = [...instances].map((baseUrl) => ({
    lines: [
      ...accounts
        .filter(({ account }) => account.baseUrl === baseUrl)
        .map((status) => accountLine(status, state)),
      ...unreadable
        .filter(({ accountId }) => instanceOf(accountId) === baseUrl)
        .map((error) => unreadableLine(error, state)),
    ],
  }));
  return [
    ...sections,
    ...(active
      ? [
          {
            heading: l10n.t('With {0}, the active account', whoIs(active.account)),
            lines: actions(active),
          },
        ]
      : []),
    { heading: l10n.t('Looker'), lines: others(accounts.length + unreadable.length) },
  ];
}

function accountLine(status: AccountStatus, { active, nameOf }: AccountsListState): Line {
  const { account } = status;
  const { id, baseUrl, sudo } = account;
  const isActive = id === active?.account.id;
  return {
    key: id,
    icon: iconOf(status),
    // Under the admin, who is named too.
    words: `${sudo ? INDENT : ''}${whoIs(account)}`,
    // On each line: headings cannot be searched, and a screen reader says them once.
    description: whereIs(status, { isActive, nameOf: (baseUrl) => instanceName(baseUrl, nameOf) }),
    detail: standing(status),
    deed:
      conditionOf(status).isBroken && !sudo
        ? loginAgain({ baseUrl, again: [account] }).deed
        : { do: 'activate', account },
    buttons: offersFor(status),
  };
}

function unreadableLine(
  error: UnreadableAccountError,
  { nameOf, whoWas }: AccountsListState,
): Line {
  const { accountId, message } = error;
  const who = whoWas(accountId);
  const step = unreadableStep(error, who);
  const mend: Offer =
    step.do === 'loginAgain'
      ? loginAgain(step)
      : { icon: 'extensions', words: l10n.t('Show extension'), deed: { do: 'showExtension' } };
  return {
    key: accountId,
    icon: 'warning',
    words: who ? whoIs(who) : l10n.t('An account that cannot be read'),
    description: instanceName(instanceOf(accountId), nameOf),
    detail: message,
    deed: mend.deed,
    buttons: [
      mend,
      { icon: 'sign-out', words: l10n.t('Log out'), deed: { do: 'forget', accountId } },
    ],
  };
}

/** What can be done with an account, the same everywhere. */
function offersFor(status: AccountStatus): readonly Offer[] {
  const { account, canRenew } = status;
  const { baseUrl, user, sudo } = account;
  return [
    ...(mustLogIn(status) && !sudo ? [loginAgain({ baseUrl, again: [account] })] : []),
    ...(!canRenew
      ? []
      : [{ icon: 'sync', words: l10n.t('Renew token'), deed: { do: 'renew', account } } as const]),
    { icon: 'copy', words: l10n.t('Copy access token'), deed: { do: 'copy', account } },
    ...(sudo
      ? []
      : [
          {
            icon: 'eye',
            words: l10n.t('Log in as user…'),
            deed: { do: 'loginAsUser', account },
          } as const,
        ]),
    { icon: 'globe', words: l10n.t('Open in browser'), deed: { do: 'openInstance', baseUrl } },
    sudo
      ? {
          icon: 'debug-disconnect',
          words: l10n.t('Stop acting as {0}', user.name),
          deed: { do: 'stopActing', account },
        }
      : { icon: 'sign-out', words: l10n.t('Log out'), deed: { do: 'logout', account } },
  ];
}

/** For the active one there is room for more, line by line. */
function actions(active: AccountStatus): readonly Line[] {
  const { account } = active;
  const terminal: Offer = {
    icon: 'terminal',
    words: l10n.t('Open terminal…'),
    deed: { do: 'openTerminal', account },
  };
  return [...offersFor(active), terminal].map((offer) => ({ ...offer, key: offer.deed.do }));
}

function others(count: number): readonly Line[] {
  const offers: readonly Offer[] = [
    { icon: 'add', words: l10n.t('Log in…'), deed: { do: 'login' } },
    { icon: 'cloud-download', words: l10n.t('Import from looker.ini…'), deed: { do: 'importIni' } },
    ...(count > 1
      ? [
          {
            icon: 'sign-out',
            words: l10n.t('Log out of all accounts'),
            deed: { do: 'logoutAll' },
          } as const,
        ]
      : []),
    { icon: 'output', words: l10n.t('Show log'), deed: { do: 'showLog' } },
  ];
  return offers.map((offer) => ({ ...offer, key: offer.deed.do }));
}

function loginAgain(preset: LoginPreset): Offer {
  return { icon: 'sign-in', words: l10n.t('Log in again'), deed: { do: 'loginAgain', preset } };
}

/** The name in the settings hides where an instance is; the host is always shown. */
function instanceName(baseUrl: string, nameOf: AccountsListState['nameOf']): string {
  const [name, host] = [nameOf(baseUrl), hostOf(baseUrl)];
  return name === host ? host : `${name} (${host})`;
}

/** Spaces that are shown and not spoken. */
const INDENT = '\u2003\u2003';
