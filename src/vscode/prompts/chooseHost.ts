import * as l10n from '@vscode/l10n';
import { CancelledError } from '../../looker/errors/expectedError';
import { hostOf } from '../../looker/instance/host';
import { askInDialog } from './confirm';

/** Nobody is led to another host than the instance's own without knowing. @throws CancelledError */
export async function chooseHost(
  baseUrl: string,
  own: string,
  other: string | undefined,
): Promise<string> {
  if (other === undefined) return own;
  const [openOwn, openOther] = [own, other].map((url) => l10n.t('Open {0}', hostOf(url)));
  const answer = await askInDialog(
    l10n.t('Open {0} in the browser?', hostOf(other)),
    l10n.t(
      "{0} says that its pages are on another host, {1}. Open it only if you know that it's your Looker.",
      hostOf(baseUrl),
      hostOf(other),
    ),
    openOwn ?? '',
    openOther ?? '',
  );
  if (answer === undefined) throw new CancelledError();
  return answer === openOther ? other : own;
}
