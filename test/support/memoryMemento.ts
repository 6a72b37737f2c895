import { setImmediate as later } from 'node:timers/promises';
import type { Memento } from '../../src/accounts/knownAccounts';

/** What a window has of the global state, and by which of the stored ones in a row. */
interface Copy {
  entries: Map<string, unknown>;
  of: number;
}

/**
 * VS Code's global state in memory, for all windows of one profile. As in VS Code (`ExtensionMemento` in
 * extHostMemento.ts, `MainThreadStorage` in mainThreadStorage.ts, the same from 1.105 to 1.139), each window has a copy
 * of the whole, read when it opens. An update changes that copy at once. The whole copy is stored some time later, in
 * place of whatever other windows have stored meanwhile; and some time after that it takes the place of the copy
 * that each window has, with all that they have not stored yet.
 */
export class MemoryMemento {
  stored = new Map<string, unknown>();
  /** Keys of all that was written, in order. */
  readonly updates: string[] = [];
  /** Keys of what a window has stored over, without knowing of it. */
  readonly dropped = new Set<string>();
  /** Nothing can be stored now, as when the disk is full. */
  isBroken = false;

  private readonly copies = new Set<Copy>();
  private stores = 0;
  private underWay = 0;

  /** Whether all that was written is stored, and has come to all windows. */
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
   * The global state as one more window has it.
   * @param wait how long each step takes that VS Code does later
   */
  openWindow(wait: () => Promise<unknown> = () => later()): Memento {
    const copy: Copy = { entries: new Map(this.stored), of: this.stores };
    this.copies.add(copy);
    /** What this window has written, and not sent yet; one write for all of it. */
    let unsent = new Set<string>();
    let sending: Promise<void> | undefined;
    const send = async () => {
      await wait();
      const written = unsent;
      const blob = new Map(copy.entries);
      [unsent, sending] = [new Set(), undefined];
      await wait();
      if (this.isBroken) throw new Error('The disk is full.');
      this.store(blob, written);
      void this.deliver(blob, wait);
    };
    return {
      keys: () => [...copy.entries.keys()],
      get: (key) => copy.entries.get(key),
      update: (key, value) => {
        this.updates.push(key);
        if (value === undefined) copy.entries.delete(key);
        else copy.entries.set(key, JSON.parse(JSON.stringify(value)));
        unsent.add(key);
        return (sending ??= this.count(send()));
      },
    };
  }

  /** Everything stored, as one text to search. */
  text(): string {
    return JSON.stringify([...this.stored]);
  }

  private store(blob: Map<string, unknown>, written: ReadonlySet<string>): void {
    for (const key of new Set([...this.stored.keys(), ...blob.keys()])) {
      const isAsBefore = JSON.stringify(blob.get(key)) === JSON.stringify(this.stored.get(key));
      if (written.has(key)) this.dropped.delete(key);
      else if (!isAsBefore) this.dropped.add(key);
    }
    this.stored = blob;
  }

  private async deliver(blob: Map<string, unknown>, wait: () => Promise<unknown>): Promise<void> {
    const number = ++this.stores;
    await this.count(
      Promise.all(
        [...this.copies].map(async (copy) => {
          await wait();
          if (copy.of > number) return;
          copy.entries = new Map(blob);
          copy.of = number;
        }),
      ),
    );
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
