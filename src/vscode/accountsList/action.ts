import type { Account } from '../../accounts/account';
import type { LoginPreset } from '../login/loginPreset';

/** Actions in the accounts list. */
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

/** Shows the actions for an account, readable or not. */
export interface ShowActions {
  readonly do: 'showActions';
  readonly accountId: string;
}

/** An action with its label. */
export interface ActionItem<Does extends Action | ShowActions = Action> {
  readonly icon: string;
  readonly label: string;
  readonly action: Does;
}

/** A line to choose. */
export interface Row<Does extends Action | ShowActions = Action> extends ActionItem<Does> {
  /** Identifies the line while the list changes. */
  readonly key: string;
  /** Shown beside the label. Includes everything that the icon shows, for screen readers. */
  readonly description?: string;
  readonly detail?: string;
}

/** Lines that belong together. */
export interface Section<Does extends Action | ShowActions = Action> {
  /** Omitted if each line says it. */
  readonly heading?: string;
  readonly lines: readonly Row<Does>[];
}

/** Actions as lines with only their labels. */
export function toRows(items: readonly ActionItem[]): readonly Row[] {
  return items.map((item) => ({ ...item, key: item.action.do }));
}
