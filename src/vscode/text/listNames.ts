import * as l10n from '@vscode/l10n';
import { isolated } from '../../looker/inert';

/** Number of names that are listed; the rest is counted. */
const MOST_NAMES = 5;

/** Lists a few names, and says how many more there are. */
export function listNames(names: readonly string[], separator = ', '): string {
  const more = names.length - MOST_NAMES;
  const listed = names.slice(0, MOST_NAMES).map(isolated);
  return [...listed, ...(more > 0 ? [l10n.t('and {0} more', more)] : [])].join(separator);
}
