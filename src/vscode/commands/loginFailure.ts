// The one place where what goes wrong at log-in, while Looker is looked for or at last, becomes what a box says and
// offers. Each failure that the user can mend in another way than by typing has its case here.
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { OtherPortError, portOf } from '../../looker/errors';
import type { PromptButton } from '../prompts/showPrompt';

/**
 * The buttons of a box that shows a failure.
 * @param go goes on with a base URL, also with the same once more; what it returns, if anything, is the box's answer
 */
export function waysOut<Answer>(
  failure: Error | undefined,
  go: (baseUrl: string) => Answer | undefined,
): readonly PromptButton<Answer>[] {
  if (failure instanceof OtherPortError) {
    const { otherBaseUrl } = failure;
    return [
      {
        iconPath: new vscode.ThemeIcon('arrow-swap'),
        tooltip: t('Use Port {0}', portOf(otherBaseUrl)),
        press: () => go(otherBaseUrl),
      },
    ];
  }
  return [];
}

/** Says in a box about something else that nothing answers at the instance, and the ways out of it. */
export function sayInPassing(failure: Error): string {
  return failure instanceof OtherPortError
    ? t(
        '{0} The arrows above go on with port {1}; Enter leads back to the URL.',
        failure.message,
        portOf(failure.otherBaseUrl),
      )
    : t('{0} Enter leads back to the URL.', failure.message);
}
