import * as l10n from '@vscode/l10n';
import { locale } from '../../looker/numbers';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** How long ago something was, in hours or days: `5 hours ago`, `3 days ago`. */
export function formatAge(ms: number): string {
  if (ms < HOUR_MS) return l10n.t('less than an hour ago');
  const [count, unit] =
    ms < 2 * DAY_MS ? ([ms / HOUR_MS, 'hour'] as const) : ([ms / DAY_MS, 'day'] as const);
  return new Intl.RelativeTimeFormat(locale()).format(-Math.floor(count), unit);
}
