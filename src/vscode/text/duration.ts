import * as l10n from '@vscode/l10n';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span as short as a status bar wants it: `52m`, `1h 5m`, `3d`, `<1m`, and `expired` for none at all. */
export function shortSpan(ms: number): string {
  if (ms <= 0) return l10n.t('expired');
  if (ms < MINUTE) return l10n.t('<1m');
  if (ms < HOUR) return l10n.t('{0}m', Math.floor(ms / MINUTE));
  if (ms < 2 * DAY) {
    return l10n.t('{0}h {1}m', Math.floor(ms / HOUR), Math.floor((ms % HOUR) / MINUTE));
  }
  return l10n.t('{0}d', Math.floor(ms / DAY));
}

/** The same for ears and sentences: `52 minutes`, `1 hour 5 minutes`, `3 days`. */
export function spokenSpan(ms: number): string {
  if (ms < MINUTE) return l10n.t('less than a minute');
  if (ms >= 2 * DAY) return days(ms);
  const [hour, minute] = [Math.floor(ms / HOUR), Math.floor((ms % HOUR) / MINUTE)];
  if (hour === 0) return minutes(minute);
  return minute === 0 ? hours(ms) : l10n.t('{0} {1}', hours(ms), minutes(minute));
}

/** How long ago something was, told no finer than in hours: `5 hours ago`, `3 days ago`. */
export function spokenAge(ms: number): string {
  if (ms < HOUR) return l10n.t('less than an hour ago');
  return l10n.t('{0} ago', ms < 2 * DAY ? hours(ms) : days(ms));
}

function minutes(count: number): string {
  return count === 1 ? l10n.t('1 minute') : l10n.t('{0} minutes', count);
}

function hours(ms: number): string {
  const count = Math.floor(ms / HOUR);
  return count === 1 ? l10n.t('1 hour') : l10n.t('{0} hours', count);
}

function days(ms: number): string {
  return l10n.t('{0} days', Math.floor(ms / DAY));
}
