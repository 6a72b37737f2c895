import * as l10n from '@vscode/l10n';

/** Names that are read one by one; the others are counted. */
const MOST_NAMES = 5;

/** A handful of names, and how many more there are. */
export function several(names: readonly string[], separator: string): string {
  const more = names.length - MOST_NAMES;
  if (more <= 0) return names.join(separator);
  return [...names.slice(0, MOST_NAMES), l10n.t('and {0} more', more)].join(separator);
}
