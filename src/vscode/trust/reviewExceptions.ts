import * as l10n from '@vscode/l10n';
import { hostOf } from '../../looker/instance/host';
import { inertText } from '../../looker/inert';
import type { Exception } from '../../looker/instance/protection';
import { askInDialog } from '../prompts/confirm';
import type { CommandContext } from '../context';

/**
 * Shows how an instance is less protected than others, and lets the user agree: any extension could have written the
 * settings.
 * @returns whether the user agrees
 * @throws CaFileError
 */
export async function reviewExceptions(
  { accounts, trust: { agreed, exceptionsIn } }: CommandContext,
  baseUrl: string,
): Promise<boolean> {
  const { exceptions, caFile } = await exceptionsIn(baseUrl);
  const labels = accounts.list
    .filter((account) => account.baseUrl === baseUrl)
    .map(({ label }) => label);
  const connect = l10n.t('Connect');
  const answer = await askInDialog(
    l10n.t('Connect to {0} with less protection?', hostOf(baseUrl)),
    [
      ...exceptions.map((exception) => sentenceFor(exception, inertText(caFile))),
      ...(labels.length > 0 ? [l10n.t('This affects {0}.', labels.join(', '))] : []),
      l10n.t(
        'This comes from the setting "lookerAuth.instances", which any extension can change. If you didn\'t set it, choose Cancel and remove it there.',
      ),
    ].join('\n\n'),
    connect,
  );
  if (answer !== connect) return false;
  await agreed.agree(baseUrl, exceptions);
  accounts.clearFailures(baseUrl);
  return true;
}

function sentenceFor(exception: Exception, caFile: string): string {
  switch (exception) {
    case 'plainHttp':
      return l10n.t(
        'Plain HTTP: everyone on the network between you and the instance can read and change what is sent, your API key and tokens included.',
      );
    case 'credentialsInQuery':
      return l10n.t(
        'API key in the URL: servers and proxies often log URLs, so your key could end up in their logs.',
      );
    default:
      return l10n.t(
        'CA file: anyone with the key of a certificate in {0} can pose as the instance and receive your API key or tokens. Their SHA-256 is {1}.',
        caFile,
        exception.slice('caFile '.length),
      );
  }
}
