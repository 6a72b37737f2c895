import type { Account } from '../../accounts/account';
import type { LoginPreset } from '../login/loginPreset';

/** What can be done in the accounts list. */
export type Action =
  | {
      readonly do:
        'activate' | 'renew' | 'copy' | 'loginAsUser' | 'stopActing' | 'openTerminal' | 'logout';
      readonly account: Account;
    }
  | { readonly do: 'openInstance' | 'renameInstance'; readonly baseUrl: string }
  | { readonly do: 'forget'; readonly accountId: string }
  | { readonly do: 'loginAgain'; readonly preset: LoginPreset }
  | { readonly do: 'showExtension' | 'login' | 'importIni' | 'logoutSome' | 'showLog' };

/** Shows what can be done with an account, which may be one that can't be read. */
export interface ShowActions {
  readonly do: 'showActions';
  readonly accountId: string;
}

/** An action, as it is offered. */
export interface ActionItem<Does extends Action | ShowActions = Action> {
  readonly icon: string;
  readonly label: string;
  readonly action: Does;
}

/** A line to choose. */
export interface Row<Does extends Action | ShowActions = Action> extends ActionItem<Does> {
  /** The same as long as it is about the same. */
  readonly key: string;
  /** Beside the label; says whatever the icon says, too. */
  readonly description?: string;
  readonly detail?: string;
}

/** Lines that belong together. */
export interface Section<Does extends Action | ShowActions = Action> {
  /** None where each line says it. */
  readonly heading?: string;
  readonly lines: readonly Row<Does>[];
}

/** Lines of what can be done, which need nothing but their labels. */
export function toRows(items: readonly ActionItem[]): readonly Row[] {
  return items.map((item) => ({ ...item, key: item.action.do }));
}
