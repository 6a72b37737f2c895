// What the extension does while the user is idle.
import { waitForWorkbench } from '../test/support/workbench';
import { fill } from './host/fill';
import { onMachine } from './host/onMachine';
import type { Idle } from './host/probe';
import type { Bench, Row } from './row';
import { rounded } from './statistics';

const ACCOUNTS = 10;
const MINUTE_MS = 60_000;

/** Not 0: VS Code fires one event when the user becomes idle, and the extension handles it. */
const CPU_A_MINUTE = 1;

export const idle: Bench = async () => {
  const [loggedOut, loggedIn] = await Promise.all([watch(0), watch(ACCOUNTS)]);
  const minutes = loggedIn.ms / MINUTE_MS;
  const row = (what: string, { timers, wakeUps, cpu }: Idle, goal: string, met: boolean): Row => ({
    what: `Idle for ${minutes} minutes, ${what}, in the host`,
    ours: `${timers} timers, ${wakeUps} wake-ups, ${rounded(cpu)} ms of CPU`,
    against: '–',
    goal,
    met,
  });
  return [
    row(
      'logged out',
      loggedOut,
      `no timer, no wake-up, no CPU (< ${CPU_A_MINUTE} ms a minute)`,
      loggedOut.timers + loggedOut.wakeUps === 0 && loggedOut.cpu / minutes < CPU_A_MINUTE,
    ),
    row(
      `logged in with ${ACCOUNTS} accounts`,
      loggedIn,
      'at most one wake-up a minute',
      loggedIn.wakeUps <= minutes && loggedIn.timers <= 1,
    ),
  ];
};

/** Measures a window that the user doesn't touch. */
function watch(accounts: number): Promise<Idle> {
  return onMachine(async (machine, copy) => {
    if (accounts > 0) await fill(machine, copy, 1, accounts);
    await copy.becomeProbed('idle');
    await waitForWorkbench(await machine.openWindow());
    const { idle } = await copy.report();
    if (!idle) throw new Error('The probe has not waited.');
    return idle;
  });
}
