import * as l10n from '@vscode/l10n';
import { CanceledError } from '../../looker/errors/expectedError';
import { hostOf } from '../../looker/instance/host';
import { askInDialog } from './confirm';

/** Asks before a host other than the instance's own is opened. @throws CanceledError */
export async function chooseHost(
  baseUrl: string,
  own: string,
  other: string | undefined,
): Promise<string> {
  if (other === undefined) return own;
  const [openOwn, openOther] = [own, other].map((url) => l10n.t('Open {0}', hostOf(url)));
  const answer = await askInDialog(
    l10n.t('Open {0} in your browser?', hostOf(other)),
    l10n.t(
      "{0} says that its pages are on another host, {1}. Open it only if you know that it's your instance.",
      hostOf(baseUrl),
      hostOf(other),
    ),
    openOwn ?? '',
    openOther ?? '',
  );
  if (answer === undefined) throw new CanceledError();
  return answer === openOther ? other : own;
}
