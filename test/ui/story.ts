import type { Page } from 'playwright-core';
import { buildExtension } from '../support/buildExtension';
import { screenshot, waitForWorkbench } from '../support/workbench';

const DOWNLOAD_MS = 600_000;

interface Running {
  stop(): Promise<void>;
}

/** Starts one of these, and stops it after the story. */
export type Start = <Options extends unknown[], T extends Running>(
  what: { start(...options: Options): Promise<T> },
  ...options: Options
) => Promise<T>;

/**
 * Makes the suite a story: each test is a step that continues from the previous one, so all steps after a failed one
 * fail, too. Other suites continue.
 * @param open starts what the story needs, once the extension is built, and opens its window
 */
export function story(open: (start: Start) => Promise<Page>): void {
  const running: Running[] = [];
  let page: Page;
  let failed: string | undefined;

  const start: Start = async (what, ...options) => {
    const started = await what.start(...options);
    running.push(started);
    return started;
  };

  before(async function () {
    this.timeout(DOWNLOAD_MS); // the first time, VS Code is downloaded
    await buildExtension();
    page = await open(start);
    await waitForWorkbench(page);
  });
  beforeEach(() => {
    if (failed) throw new Error(`A step before this one failed: ${failed}`);
  });
  afterEach(async function () {
    const step = this.currentTest;
    if (failed || step?.state !== 'failed') return;
    failed = step.title;
    await screenshot(page, `failed-${step.titlePath()[0]?.replaceAll(/\W+/g, '-') ?? ''}`);
  });
  after(async () => {
    await Promise.all(running.map((started) => started.stop()));
  });
}
