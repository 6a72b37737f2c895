// How long a window takes until its status bar is ready, by number of stored accounts.
import { waitForWorkbench } from '../test/support/workbench';
import { fill } from './host/fill';
import { onMachines } from './host/onMachine';
import type { Report } from './host/probe';
import type { Bench } from './row';
import { median, summary, times } from './statistics';

const SIZES = [1, 10, 100, 1000];
/** Runs per size. Sizes alternate, so that a slow drift of the machine doesn't look like an effect of size. */
const RUNS = 11;

/** With the most accounts, `activate` may take this many times as long as with one: it waits for none of them. */
const FLAT = 1.5;

export const start: Bench = async () => {
  const reports = new Map<number, Report[]>();
  await onMachines(SIZES.length, async (machines) => {
    const sized = machines.map((place, i) => ({ ...place, size: SIZES[i] ?? 0 }));
    for (const { machine, copy, size } of sized) {
      await fill(machine, copy, 1, size);
      await copy.becomeProbed('start');
    }
    for (let run = 0; run < RUNS; run++) {
      for (const { machine, copy, size } of sized) {
        const page = await machine.openWindow();
        await waitForWorkbench(page);
        reports.set(size, [...(reports.get(size) ?? []), await copy.report()]);
        await page.close();
      }
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
