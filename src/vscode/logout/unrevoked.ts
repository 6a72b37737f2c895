import * as l10n from '@vscode/l10n';
import type { Unrevoked } from '../../accounts/login/logouts';
import { formatDuration } from '../text/duration';
import { listNames } from '../text/listNames';
import { notify } from '../prompts/notify';

/** Warns about tokens that stay valid, if any. The log says why Looker couldn't revoke them. */
export function showUnrevoked(unrevoked: readonly Unrevoked[]): void {
  if (unrevoked.length > 0) void notify('warning', unrevokedMessage(unrevoked));
}

function unrevokedMessage(unrevoked: readonly Unrevoked[]): string {
  // Looker doesn't say when a browser login expires.
  const logins = unrevoked.filter(({ timeLeft }) => timeLeft === Infinity);
  if (logins.length > 0) {
    return l10n.t(
      "Logged out here, but Looker couldn't revoke the login. It stays valid for up to a month ({0}), unless you or an admin revoke it.",
      listNames(logins.map(({ account }) => account.label)),
    );
  }
  return l10n.t(
    "Logged out here, but Looker couldn't revoke the token. It stays valid for {0}.",
    listNames(
      unrevoked.map(({ account, timeLeft }) => `${formatDuration(timeLeft)} (${account.label})`),
    ),
  );
}
