import { setImmediate as later } from 'node:timers/promises';
import type { Memento } from '../../src/accounts/knownAccounts';

/** A window's copy of the global state, and the number of the stored state it is based on. */
interface Copy {
  entries: Map<string, unknown>;
  of: number;
}

/**
 * VS Code's global state in memory, for all windows of one profile. As in VS Code (`ExtensionMemento` in
 * extHostMemento.ts, `MainThreadStorage` in mainThreadStorage.ts, as of 1.139), each window has a copy of the whole,
 * read when it opens. An update changes that copy at once. The whole copy is stored some time later, and overwrites
 * what other windows have stored in the meantime. Some time after that, it replaces the copy of every window, including
 * its own with any changes made since.
 */
export class MemoryMemento {
  stored = new Map<string, unknown>();
  /** Keys of all writes, in order. */
  readonly updates: string[] = [];
  /** Nothing can be stored now, for example because the disk is full. */
  isBroken = false;

  private readonly copies = new Set<Copy>();
  private stores = 0;
  private underWay = 0;

  /** Whether all writes are stored and have reached all windows. */
  get isSettled(): boolean {
    return this.underWay === 0;
  }

  keys(): readonly string[] {
    return [...this.stored.keys()];
  }

  get(key: string): unknown {
    return this.stored.get(key);
  }

  /**
   * The global state for one more window.
   * @param wait how long each of VS Code's later steps takes
   */
  openWindow(wait: () => Promise<unknown> = () => later()): Memento {
    const copy: Copy = { entries: new Map(this.stored), of: this.stores };
    this.copies.add(copy);
    /** One step for everything written in the meantime. */
    let sending: Promise<void> | undefined;
    const send = async () => {
      await wait();
      const blob = new Map(copy.entries);
      sending = undefined;
      await wait();
      if (this.isBroken) throw new Error('The disk is full.');
      this.stored = blob;
      void this.count(this.deliver(blob, wait));
    };
    return {
      keys: () => [...copy.entries.keys()],
      get: (key) => copy.entries.get(key),
      update: (key, value) => {
        this.updates.push(key);
        if (value === undefined) copy.entries.delete(key);
        else copy.entries.set(key, JSON.parse(JSON.stringify(value)));
        return (sending ??= this.count(send()));
      },
    };
  }

  /** Everything stored, as one text to search. */
  text(): string {
    return JSON.stringify([...this.stored]);
  }

  private async deliver(blob: Map<string, unknown>, wait: () => Promise<unknown>): Promise<void> {
    const number = ++this.stores;
    const deliverTo = async (copy: Copy) => {
      await wait();
      if (copy.of > number) return;
      copy.entries = new Map(blob);
      copy.of = number;
    };
    await Promise.all([...this.copies].map(deliverTo));
  }

  private async count<T>(work: Promise<T>): Promise<T> {
    this.underWay++;
    try {
      return await work;
    } finally {
      this.underWay--;
    }
  }
}
