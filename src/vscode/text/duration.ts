import * as l10n from '@vscode/l10n';
import { formatUnit, locale, type Unit } from '../../looker/numbers';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A span for the status bar: `52m`, `1h 5m`, `3d`, `<1m`, or `expired` if nothing is left. */
export function formatShortDuration(ms: number): string {
  if (ms <= 0) return l10n.t('expired');
  if (ms < MINUTE_MS) return `<${inUnits([[1, 'minute']], 'narrow')}`;
  return inUnits(unitsOf(ms), 'narrow');
}

/** The same for sentences and screen readers: `52 minutes`, `1 hour 5 minutes`, `3 days`. */
export function formatDuration(ms: number): string {
  return ms < MINUTE_MS ? l10n.t('less than a minute') : inUnits(unitsOf(ms), 'long');
}

/** From two days on, hours don't matter. */
function unitsOf(ms: number): readonly (readonly [count: number, unit: Unit])[] {
  if (ms >= 2 * DAY_MS) return [[Math.floor(ms / DAY_MS), 'day']];
  const all = [
    [Math.floor(ms / HOUR_MS), 'hour'],
    [Math.floor((ms % HOUR_MS) / MINUTE_MS), 'minute'],
  ] as const;
  return all.filter(([count]) => count > 0);
}

function inUnits(
  units: readonly (readonly [count: number, unit: Unit])[],
  unitDisplay: 'narrow' | 'long',
): string {
  const parts = units.map(([count, unit]) => formatUnit(count, unit, unitDisplay));
  return new Intl.ListFormat(locale(), { type: 'unit', style: 'narrow' }).format(parts);
}
