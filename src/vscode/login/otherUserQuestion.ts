import * as l10n from '@vscode/l10n';
import type { AccountUser } from '../../accounts/account';
import { hostOf } from '../../looker/instance/host';
import { isolated } from '../../looker/inert';
import type { DialogQuestion } from '../prompts/confirm';

/** The question if the user in the browser isn't the one to log in again. */
export interface OtherUserQuestion extends DialogQuestion {
  /** Agrees to the user in the browser. */
  readonly button: string;
  /** The two users as the question names them: with their IDs if they have the same name. */
  readonly names: { readonly came: string; readonly asked: string };
}

/**
 * @param came the user in the browser
 * @param asked the user to log in again
 */
export function otherUserQuestion(
  baseUrl: string,
  came: AccountUser,
  asked: AccountUser,
): OtherUserQuestion {
  const nameOf = ({ name, id }: AccountUser) =>
    came.name === asked.name ? l10n.t('{0} (ID {1})', isolated(name), id) : isolated(name);
  const names = { came: nameOf(came), asked: nameOf(asked) };
  return {
    question: l10n.t('Log in to {0} as {1}?', hostOf(baseUrl), names.came),
    detail: l10n.t(
      "In the browser, you're logged in to Looker as {0}, not as {1}.",
      names.came,
      names.asked,
    ),
    button: l10n.t('Log In as {0}', names.came),
    names,
  };
}
