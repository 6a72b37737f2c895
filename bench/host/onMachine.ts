import { Machine } from '../../test/support/machine';
import { InstalledCopy } from './installedCopy';

/**
 * Does something on a new machine with the extension installed, and removes both.
 * @param others folders of other extensions to install there
 */
export async function onMachine<T>(
  work: (machine: Machine, copy: InstalledCopy) => Promise<T>,
  others: readonly string[] = [],
): Promise<T> {
  const copy = await InstalledCopy.make();
  try {
    const machine = await Machine.start({
      extensions: [copy.folder, ...others],
      isComplete: true,
    });
    try {
      return await work(machine, copy);
    } finally {
      await machine.stop();
    }
  } finally {
    await copy.remove();
  }
}

/** Does something on several new machines, to measure on them alternately. */
export function onMachines<T>(
  count: number,
  work: (machines: readonly { machine: Machine; copy: InstalledCopy }[]) => Promise<T>,
): Promise<T> {
  return count === 0
    ? work([])
    : onMachine((machine, copy) =>
        onMachines(count - 1, (others) => work([{ machine, copy }, ...others])),
      );
}
