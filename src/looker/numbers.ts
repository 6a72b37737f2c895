// Numbers and dates for sentences, in the language of the sentences.
import * as l10n from '@vscode/l10n';

/** Units that sentences use, by the names that `Intl.NumberFormat` has for them. */
export type Unit = 'day' | 'hour' | 'megabyte' | 'millisecond' | 'minute' | 'second';

/** A number with its unit: `30 seconds`, short `30 sec`, narrow `30s`. */
export function formatUnit(
  value: number,
  unit: Unit,
  unitDisplay: 'long' | 'short' | 'narrow' = 'long',
): string {
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay }).format(value);
}

/** A wait, from milliseconds: `30 seconds`, and from two minutes on `15 minutes`. */
export function formatWait(ms: number): string {
  return ms < 120_000
    ? formatUnit(ms / 1000, 'second')
    : formatUnit(Math.ceil(ms / 60_000), 'minute');
}

/** A day, from a date or epoch ms: `Nov 30, 2026`; `?` for an invalid date from a server or a file. */
export function formatDay(date: Date | number): string {
  if (Number.isNaN(new Date(date).getTime())) return '?';
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(date);
}

/** The language of the sentences, which isn't VS Code's if there is no translation. */
export function locale(): string {
  return l10n.t({ message: 'en', comment: ['The tag of this language, such as pt-BR'] });
}
