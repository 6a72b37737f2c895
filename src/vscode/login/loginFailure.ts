// The one place where what goes wrong while Looker is looked for becomes what the box for the URL offers. Each failure
// that the user can mend in another way than by typing has its case here.
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import {
  CancelledError,
  LookerError,
  ApiElsewhereError,
  UntrustedCertificateError,
  WeakerProtectionError,
} from '../../looker/errors';
import { hostOf, isSameHost, portOf } from '../../looker/host';
import type { PromptButton } from '../prompts/showPrompt';
import type { CommandContext } from '../context';
import { reviewExceptions } from '../trust/reviewExceptions';
import { trustCertificate } from '../trust/trustCertificate';

/**
 * The buttons of a box that shows a failure.
 * @param go goes on with a base URL, also with the same once more; what it returns, if anything, is the box's answer
 */
export function recoveryButtons<Answer>(
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
  if (failure instanceof WeakerProtectionError) {
    return [
      {
        iconPath: new vscode.ThemeIcon('shield'),
        tooltip: l10n.t('Review…'),
        press: async () =>
          (await reviewExceptions(context, failure.baseUrl)) ? go(failure.baseUrl) : undefined,
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
async function isWorthAnotherLook(
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
