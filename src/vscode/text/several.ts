import * as l10n from '@vscode/l10n';

/** Number of names that are listed; the rest is counted. */
const MOST_NAMES = 5;

/** Lists a few names, and says how many more there are. */
export function several(names: readonly string[], separator: string): string {
  const more = names.length - MOST_NAMES;
  if (more <= 0) return names.join(separator);
  return [...names.slice(0, MOST_NAMES), l10n.t('and {0} more', more)].join(separator);
}
