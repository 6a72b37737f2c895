import * as l10n from '@vscode/l10n';
import { locale } from '../../looker/numbers';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** How long ago something was, in hours or days: `5 hours ago`, `3 days ago`. */
export function formatAge(ms: number): string {
  if (ms < HOUR) return l10n.t('less than an hour ago');
  const [count, unit] =
    ms < 2 * DAY ? ([ms / HOUR, 'hour'] as const) : ([ms / DAY, 'day'] as const);
  return new Intl.RelativeTimeFormat(locale()).format(-Math.floor(count), unit);
}
