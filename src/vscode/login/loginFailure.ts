// Failures while looking for Looker, and the buttons that the URL prompt offers for them. Each failure that the user
// can fix without typing has a case here.
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { CanceledError } from '../../looker/errors/expectedError';
import { LookerError } from '../../looker/errors/lookerError';
import { ApiElsewhereError } from '../../looker/errors/notLooker';
import { hostOf, isSameHost, portOf } from '../../looker/instance/host';
import type { PromptButton } from '../prompts/showPrompt';
import type { CommandContext } from '../context';
import { reviewExceptions } from '../trust/reviewExceptions';
import { trustCertificate } from '../trust/trustCertificate';

/**
 * The buttons of a box that shows a failure.
 * @param go continues with a base URL, possibly the same one; a returned value is the answer
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
        tooltip: useOther(failure.baseUrl, otherBaseUrl),
        press: () => go(otherBaseUrl),
      },
    ];
  }
  if (!(failure instanceof LookerError)) return [];
  const { baseUrl, recovery } = failure;
  const agreeing = (tooltip: string, agree: () => Promise<boolean>) => [
    {
      iconPath: new vscode.ThemeIcon('shield'),
      tooltip,
      press: async () => ((await agree()) ? go(baseUrl) : undefined),
    },
  ];
  if (recovery === 'reviewExceptions') {
    return agreeing(l10n.t('Review…'), () => reviewExceptions(context, baseUrl));
  }
  return recovery === 'showCertificate'
    ? agreeing(l10n.t('Show Certificate…'), () => showCertificate(context, baseUrl))
    : [];
}

function useOther(baseUrl: string, other: string): string {
  if (!isSameHost(baseUrl, other)) return l10n.t('Use {0}', hostOf(other));
  return portOf(baseUrl) === portOf(other)
    ? l10n.t('Use HTTPS')
    : l10n.t('Use Port {0}', portOf(other));
}

/**
 * Shows the certificate.
 * @returns whether to look at the instance again: the certificate is trusted now, or there is another error to show
 */
async function showCertificate(context: CommandContext, baseUrl: string): Promise<boolean> {
  try {
    return await trustCertificate(context, baseUrl);
  } catch (error) {
    if (error instanceof LookerError) return true;
    if (error instanceof CanceledError) return false;
    throw error;
  }
}
