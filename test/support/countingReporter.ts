import path from 'node:path';
import Mocha from 'mocha';
import { add, NOTHING, type Tally, toFileLine, toLine } from './tally';

const { EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING, EVENT_TEST_RETRY } =
  Mocha.Runner.constants;

/**
 * Mocha's spec reporter, ending with the plain line `N passed, N failed, N skipped` that scripts/test.ts adds up. Before
 * it come the tests that were run again, and a line for each file in which tests failed.
 */
class CountingReporter extends Mocha.reporters.Spec {
  private readonly files = new Map<string, Tally>();
  private readonly failedAtFirst: Mocha.Test[] = [];

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const count = (one: Partial<Tally>) => (test: Mocha.Test) => {
      const file = path.relative('', test.file ?? '');
      this.files.set(file, add(this.files.get(file) ?? NOTHING, { ...NOTHING, ...one }));
    };
    runner.on(EVENT_TEST_PASS, count({ passed: 1 }));
    runner.on(EVENT_TEST_FAIL, count({ failed: 1 }));
    runner.on(EVENT_TEST_PENDING, count({ skipped: 1 }));
    runner.on(EVENT_TEST_RETRY, (test: Mocha.Test, err: Error) => {
      this.failedAtFirst.push(Object.assign(test, { err }));
    });
  }

  override epilogue(): void {
    super.epilogue();
    const { consoleLog, list } = Mocha.reporters.Base;
    if (this.failedAtFirst.length > 0) {
      consoleLog(`  ${this.failedAtFirst.length} failed at first\n`);
      list(this.failedAtFirst);
    }
    for (const [file, tally] of this.files) {
      if (tally.failed > 0) consoleLog(toFileLine(file, tally));
    }
    const { passes: passed, failures: failed, pending: skipped } = this.stats;
    consoleLog(toLine({ passed, failed, skipped }));
  }
}

export = CountingReporter;
