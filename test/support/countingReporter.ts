import Mocha from 'mocha';
import { toLine } from './tally';

/** Mocha's spec reporter, ending with the plain line `N passed, N failed, N skipped` that scripts/test.ts adds up. */
class CountingReporter extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes: passed, failures: failed, pending: skipped } = this.stats;
    Mocha.reporters.Base.consoleLog(toLine({ passed, failed, skipped }));
  }
}

export = CountingReporter;
