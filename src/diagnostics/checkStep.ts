import * as l10n from '@vscode/l10n';
import { detailOf, messageOf, verdictOn } from '../looker/errors/expectedError';
import { formatUnit } from '../looker/numbers';

/** The steps of a check, in order. */
export const STEPS = ['url', 'proxy', 'dns', 'tcp', 'tls', 'versions', 'login', 'user'] as const;
export type StepName = (typeof STEPS)[number];

/** One step of a check and its current state. */
export interface CheckStep {
  readonly name: StepName;
  readonly outcome: 'running' | 'passed' | 'warning' | 'failed' | 'skipped';
  /** Its duration. */
  readonly ms: number;
  /** The result, or why there is none, for the user. */
  readonly sentence: string;
  /** The same for a help desk: users appear only by their IDs. Same as `sentence` if omitted. */
  readonly publicSentence?: string;
  /** Further details, one line each; safe for a help desk. */
  readonly facts?: readonly string[];
  /** What is wrong, for a help desk; undefined if nothing is. */
  readonly verdict?: string;
}

/** The result of a step; the default outcome is `passed`. A step may also fail by throwing. */
export type StepResult = Omit<CheckStep, 'name' | 'ms' | 'outcome'> & {
  readonly outcome?: 'passed' | 'warning' | 'failed' | 'skipped';
};

/** The result of a step that has failed with an error. */
export function failedResult(error: unknown): Pick<CheckStep, 'sentence' | 'facts'> & {
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

/** A summary of a finished check for a help desk: the first failure, if there is one. */
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
