import * as l10n from '@vscode/l10n';
import type { Unrevoked } from '../../accounts/login/logouts';
import { formatDuration } from '../text/duration';
import { notify } from '../prompts/notify';

/** Says which tokens stay valid, if any. Why Looker couldn't revoke them is in the log. */
export function sayUnrevoked(unrevoked: readonly Unrevoked[]): void {
  if (unrevoked.length > 0) void notify('warning', unrevokedMessage(unrevoked));
}

function unrevokedMessage(unrevoked: readonly Unrevoked[]): string {
  // A login with the browser has no time of its own that Looker would tell.
  const logins = unrevoked.filter(({ timeLeft }) => timeLeft === Infinity);
  if (logins.length > 0) {
    return l10n.t(
      "Logged out here, but Looker couldn't revoke the login. It stays valid for up to a month ({0}), unless you or an admin revoke it.",
      logins.map(({ account }) => account.label).join(', '),
    );
  }
  return l10n.t(
    "Logged out here, but Looker couldn't revoke the token. It stays valid for {0}.",
    unrevoked
      .map(({ account, timeLeft }) => `${formatDuration(timeLeft)} (${account.label})`)
      .join(', '),
  );
}
