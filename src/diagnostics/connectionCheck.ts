import * as l10n from '@vscode/l10n';
import { abortable } from '../looker/cancellation';
import type { Clock } from '../looker/clock';
import { CanceledError } from '../looker/errors/expectedError';
import { withTimeout } from '../base/withTimeout';
import { failedResult, STEPS, type CheckStep, type StepName } from './checkStep';
import { CheckSteps, type CheckOptions } from './checkSteps';

/** How long canceling a check waits for its token to be revoked, in ms. The revocation itself continues. */
const LONGEST_END_MS = 500;

/**
 * Checks the route to an instance step by step, and reports each step when it starts and when it ends. After a failure,
 * later steps are skipped, with one exception: if VS Code may know of a proxy that this check doesn't, VS Code's own
 * requests are still tried, and if they succeed, the failure becomes a warning.
 * @param url as typed by the user
 * @throws CanceledError
 */
export async function* runConnectionCheck(
  url: string,
  options: CheckOptions,
  signal: AbortSignal,
): AsyncGenerator<CheckStep, void> {
  const steps = new CheckSteps(url, options, signal);
  let failed: CheckStep | undefined;
  let running: Promise<unknown> = Promise.resolve();
  try {
    for (const name of STEPS) {
      const isStillTried = name === 'versions' && steps.mayGoAnotherWay;
      if (failed && !isStillTried) {
        yield {
          name,
          outcome: 'skipped',
          ms: 0,
          sentence: l10n.t('An earlier step failed.'),
        };
        continue;
      }
      yield { name, outcome: 'running', ms: 0, sentence: '' };
      const work = run(name, steps, options.clock);
      running = work;
      const step = await abortable(work, signal);
      if (signal.aborted) throw new CanceledError();
      if (failed && step.outcome !== 'failed') {
        const sentence = l10n.t(
          '{0} Looker still responds, because VS Code takes another route, such as a system proxy.',
          failed.sentence,
        );
        const { verdict: _, ...rest } = failed;
        yield { ...rest, outcome: 'warning', sentence };
        failed = undefined;
      }
      yield step;
      if (step.outcome === 'failed') failed ??= step;
    }
  } finally {
    // A step may still get a token after the check was canceled.
    const ending = running.then(() => steps.end());
    const isLate = () => new CanceledError();
    await (signal.aborted ? withTimeout(ending, LONGEST_END_MS, isLate) : ending);
  }
}

async function run(name: StepName, steps: CheckSteps, clock: Clock): Promise<CheckStep> {
  const start = clock.steady();
  const took = () => Math.round(clock.steady() - start);
  try {
    const { outcome = 'passed', ...result } = await steps[name]();
    return { name, outcome, ms: outcome === 'skipped' ? 0 : took(), ...result };
  } catch (error) {
    return { name, ms: took(), ...failedResult(error) };
  }
}
