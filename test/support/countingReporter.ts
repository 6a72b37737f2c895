import Mocha from 'mocha';

/** Mocha's spec reporter, ending with the plain line `N passed, N failed` that scripts/test.ts adds up. */
class CountingReporter extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    Mocha.reporters.Base.consoleLog(`${this.stats.passes} passed, ${this.stats.failures} failed`);
  }
}

export = CountingReporter;
