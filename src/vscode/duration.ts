const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span as short as a status bar wants it: `52m`, `1h 5m`, `3d`, `<1m`, and `expired` for none at all. */
export function shortSpan(ms: number): string {
  if (ms <= 0) return 'expired';
  if (ms < MINUTE) return '<1m';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)}h ${Math.floor((ms % HOUR) / MINUTE)}m`;
  return `${Math.floor(ms / DAY)}d`;
}

/** The same for ears and sentences: `52 minutes`, `1 hour 5 minutes`, `3 days`. */
export function spokenSpan(ms: number): string {
  if (ms < MINUTE) return 'less than a minute';
  if (ms >= 2 * DAY) return count(ms / DAY, 'day');
  const hours = Math.floor(ms / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  return [
    hours > 0 && count(hours, 'hour'),
    (minutes > 0 || hours === 0) && count(minutes, 'minute'),
  ]
    .filter(Boolean)
    .join(' ');
}

/** How long ago something was, told no finer than in hours: `5 hours ago`, `3 days ago`. */
export function spokenAge(ms: number): string {
  if (ms < HOUR) return 'less than an hour ago';
  return `${ms < 2 * DAY ? count(ms / HOUR, 'hour') : count(ms / DAY, 'day')} ago`;
}

function count(number: number, unit: string): string {
  const whole = Math.floor(number);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}
