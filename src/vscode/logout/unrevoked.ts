import * as l10n from '@vscode/l10n';
import type { Unrevoked } from '../../accounts/login/logouts';
import { CancelledError } from '../../looker/errors/expectedError';
import { formatDuration } from '../text/duration';
import { notify } from '../prompts/notify';

/** Says which tokens live on, if any. */
export function sayUnrevoked(unrevoked: readonly Unrevoked[]): void {
  if (unrevoked.length > 0) void notify('warning', unrevokedMessage(unrevoked));
}

function unrevokedMessage(unrevoked: readonly Unrevoked[]): string {
  const tokens = unrevoked.map(
    ({ account, timeLeft }) => `${formatDuration(timeLeft)} (${account.label})`,
  );
  const reasons = unrevoked.map(({ error }) =>
    error instanceof Error && !(error instanceof CancelledError)
      ? error.message
      : l10n.t('Looker was not told.'),
  );
  return l10n.t(
    'Logged out on this machine. {0} There, a token stays valid for {1}.',
    [...new Set(reasons)].join(' '),
    tokens.join(', '),
  );
}
