import { setImmediate as later } from 'node:timers/promises';
import type { Memento } from '../../src/accounts/knownAccounts';

/**
 * VS Code's Memento in memory: what is written can be read at once, and is stored later, if at all. Hand
 * one to several `Accounts` to have several windows of one profile.
 */
export class MemoryMemento implements Memento {
  readonly stored = new Map<string, unknown>();
  /** Keys of all that was written, in order. */
  readonly updates: string[] = [];
  /** Nothing can be stored now, as when the disk is full. */
  isBroken = false;

  keys(): readonly string[] {
    return [...this.stored.keys()];
  }

  get(key: string): unknown {
    return this.stored.get(key);
  }

  async update(key: string, value: unknown): Promise<void> {
    this.updates.push(key);
    if (value === undefined) this.stored.delete(key);
    else this.stored.set(key, JSON.parse(JSON.stringify(value)));
    await later();
    if (this.isBroken) throw new Error('The disk is full.');
  }

  /** Everything stored, as one text to search. */
  text(): string {
    return JSON.stringify([...this.stored]);
  }
}
