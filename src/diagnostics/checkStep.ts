import * as l10n from '@vscode/l10n';
import { detailOf, messageOf, verdictOn } from '../looker/errors/expectedError';
import { formatUnit } from '../looker/numbers';

/** What a check looks at, in this order. */
export const STEPS = ['url', 'proxy', 'dns', 'tcp', 'tls', 'versions', 'login', 'user'] as const;
export type StepName = (typeof STEPS)[number];

/** One step of a check, as it stands. */
export interface CheckStep {
  readonly name: StepName;
  readonly outcome: 'running' | 'passed' | 'warning' | 'failed' | 'skipped';
  /** How long it took. */
  readonly ms: number;
  /** What was seen, or why not, for the user. */
  readonly sentence: string;
  /** The same for others: says no more of people than their ids. `sentence`, where it is left out. */
  readonly publicSentence?: string;
  /** More of what was seen, a line each; fit for others. */
  readonly facts?: readonly string[];
  /** What is wrong, for a help desk, where something is. */
  readonly verdict?: string;
}

/** What a step ends with; by default, it has passed. What it throws is a failure too. */
export type Seen = Omit<CheckStep, 'name' | 'ms' | 'outcome'> & {
  readonly outcome?: 'passed' | 'warning' | 'failed' | 'skipped';
};

/** What an error says of the step that it ends. */
export function failure(error: unknown): Pick<CheckStep, 'sentence' | 'facts'> & {
  readonly outcome: 'failed';
  readonly verdict: string;
} {
  const detail = detailOf(error);
  return {
    outcome: 'failed',
    sentence: messageOf(error),
    ...(detail !== undefined && { facts: [detail] }),
    verdict: verdictOn(error),
  };
}

/** What a finished check comes to, for a help desk: the first thing that fails. */
export function verdictOf(steps: readonly CheckStep[]): Pick<CheckStep, 'outcome' | 'sentence'> {
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  if (failed) return { outcome: 'failed', sentence: failed.verdict ?? failed.sentence };
  const warning = steps.find(({ outcome }) => outcome === 'warning');
  if (warning) {
    const { publicSentence, sentence } = warning;
    return {
      outcome: 'warning',
      sentence: l10n.t('The connection works, with a warning. {0}', publicSentence ?? sentence),
    };
  }
  const done = steps.filter(({ outcome }) => outcome === 'passed');
  const ms = done.reduce((sum, step) => sum + step.ms, 0);
  return {
    outcome: 'passed',
    sentence: l10n.t('No problems found ({0}).', formatUnit(ms, 'millisecond', 'short')),
  };
}
