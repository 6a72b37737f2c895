// What a window costs until its status bar can be used, by how many accounts are stored.
import { waitForWorkbench } from '../test/support/workbench';
import { fill } from './host/fill';
import { onMachine } from './host/onMachine';
import type { Report } from './host/probe';
import type { Bench } from './row';
import { median, summary, times } from './statistics';

const SIZES = [1, 10, 100, 1000];
const RUNS = 5;

/** `activate` takes so much longer with the most accounts than with one, at most: it waits for none of them. */
const FLAT = 1.5;

export const start: Bench = async () => {
  const reports = new Map<number, Report[]>();
  await onMachine(async (machine, copy) => {
    let stored = 0;
    for (const size of SIZES) {
      await fill(machine, copy, stored + 1, size);
      stored = size;
      await copy.becomeProbed('start');
      const found: Report[] = [];
      while (found.length < RUNS) {
        const page = await machine.openWindow();
        await waitForWorkbench(page);
        found.push(await copy.report());
        await page.close();
      }
      reports.set(size, found);
    }
  });
  const of = (size: number, figure: 'activate' | 'statusBar' | 'reads') =>
    (reports.get(size) ?? []).map((report) => report[figure]);
  const growth = (size: number, figure: 'activate' | 'statusBar' | 'reads') =>
    median(of(size, figure)) / median(of(1, figure));
  const most = Math.max(...SIZES);
  return [
    ...SIZES.slice(1).map((size) => ({
      what: `Start to a usable status bar, ${size} accounts, in the host`,
      ours: `${summary(of(size, 'statusBar'), 'ms')}, ${times(growth(size, 'statusBar'))}`,
      against: `1 account: ${summary(of(1, 'statusBar'), 'ms')}; secrets read: ${median(of(size, 'reads'))} to ${median(of(1, 'reads'))}, ${times(growth(size, 'reads'))}`,
      goal: 'grows no faster than the secrets read',
      met: growth(size, 'statusBar') <= growth(size, 'reads'),
    })),
    {
      what: `\`activate\` with ${most} accounts, in the host`,
      ours: `${summary(of(most, 'activate'), 'ms')}, ${times(growth(most, 'activate'))}`,
      against: `1 account: ${summary(of(1, 'activate'), 'ms')}`,
      goal: `flat: ≤ ${FLAT} ×`,
      met: growth(most, 'activate') <= FLAT,
    },
  ];
};
