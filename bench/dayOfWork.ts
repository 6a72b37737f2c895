// How many logins Looker gets while a user works for a day.
import { ACCOUNTS, HOURS, live, WINDOWS } from '../test/model/day';
import type { Bench } from './row';
import { median, rounded, summary, times } from './statistics';

const SEEDS = [20_301, 20_302, 20_303, 20_304, 20_305, 20_306, 20_307];

export const dayOfWork: Bench = async () => {
  const logins: number[] = [];
  const least: number[] = [];
  let lost = 0;
  for (const seed of SEEDS) {
    least.push((await live({ windows: 1, seed, isRough: false })).logins);
    const evening = await live({ windows: WINDOWS, seed, isRough: true });
    logins.push(evening.logins);
    lost += ACCOUNTS - evening.kept;
  }
  const ratios = logins.map((count, i) => count / (least[i] ?? NaN));
  return [
    {
      what: `${WINDOWS} windows, ${ACCOUNTS} accounts, ${HOURS} h simulated, with naps and faults: logins`,
      ours: `${summary(logins)}, ${times(median(ratios))} (at most ${rounded(Math.max(...ratios))}); ${lost} accounts lost`,
      against: `the minimum, with one window and no faults: ${median(least)}`,
      goal: '≤ 1.05 ×',
      met: Math.max(...ratios) <= 1.05 && lost === 0,
    },
  ];
};
