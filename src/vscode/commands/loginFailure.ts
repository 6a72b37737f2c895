// The one place where what goes wrong at log-in, while Looker is looked for or at last, becomes what a box says and
// offers. Each failure that the user can mend in another way than by typing has its case here.
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import {
  CancelledError,
  LookerError,
  ApiElsewhereError,
  UntrustedCertificateError,
} from '../../looker/errors';
import { hostOf, isSameHost, portOf } from '../../looker/host';
import type { PromptButton } from '../prompts/showPrompt';
import type { CommandContext } from './context';
import { trustCertificate } from './trustCertificate';

/**
 * The buttons of a box that shows a failure.
 * @param go goes on with a base URL, also with the same once more; what it returns, if anything, is the box's answer
 */
export function waysOut<Answer>(
  context: CommandContext,
  failure: Error | undefined,
  go: (baseUrl: string) => Answer | undefined,
): readonly PromptButton<Answer>[] {
  if (failure instanceof ApiElsewhereError) {
    const { otherBaseUrl } = failure;
    return [
      {
        iconPath: new vscode.ThemeIcon('arrow-swap'),
        tooltip: isSameHost(failure.baseUrl, otherBaseUrl)
          ? l10n.t('Use Port {0}', portOf(otherBaseUrl))
          : l10n.t('Use {0}', hostOf(otherBaseUrl)),
        press: () => go(otherBaseUrl),
      },
    ];
  }
  if (failure instanceof UntrustedCertificateError) {
    return [
      {
        iconPath: new vscode.ThemeIcon('shield'),
        tooltip: l10n.t('Show Certificate…'),
        press: async () =>
          (await isWorthAnotherLook(context, failure)) ? go(failure.baseUrl) : undefined,
      },
    ];
  }
  return [];
}

/**
 * Shows the certificate.
 * @returns whether to look at the instance again: it is trusted now, or something else is in the way, which looking
 *   finds out
 */
export async function isWorthAnotherLook(
  context: CommandContext,
  { baseUrl }: UntrustedCertificateError,
): Promise<boolean> {
  try {
    return await trustCertificate(context, baseUrl);
  } catch (error) {
    if (error instanceof LookerError) return true;
    if (error instanceof CancelledError) return false;
    throw error;
  }
}

/** Says in a box about something else that nothing answers at the instance, and the ways out of it. */
export function sayInPassing(failure: Error): string {
  if (failure instanceof UntrustedCertificateError) {
    return l10n.t('{0} Enter shows you the certificate.', failure.message);
  }
  if (!(failure instanceof ApiElsewhereError)) {
    return l10n.t('{0} Enter leads back to the URL.', failure.message);
  }
  const { message, baseUrl, otherBaseUrl } = failure;
  return isSameHost(baseUrl, otherBaseUrl)
    ? l10n.t(
        '{0} The arrows above go on with port {1}; Enter leads back to the URL.',
        message,
        portOf(otherBaseUrl),
      )
    : l10n.t(
        '{0} Press the arrow button to use {1}, or Enter to edit the URL.',
        message,
        hostOf(otherBaseUrl),
      );
}
