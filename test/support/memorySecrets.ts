import { setImmediate as later } from 'node:timers/promises';
import { Emitter } from '../../src/base/emitter';
import type { Secrets } from '../../src/accounts/store/secrets';

type Operation = 'get' | 'store' | 'delete' | 'keys';

/**
 * VS Code's SecretStorage in memory: slow like the real one, and notifying every window of every change. Pass one to
 * several `Accounts` to simulate several windows.
 */
export class MemorySecrets implements Secrets {
  readonly stored = new Map<string, string>();
  private readonly changes = new Emitter<{ key: string }>();

  readonly onDidChange = this.changes.event;

  /** Operations that fail now, for example because the keyring is locked. */
  broken: readonly Operation[] = [];
  /** Whether windows aren't notified of changes. */
  isMute = false;

  /** Number of writes held back now. */
  waiting = 0;

  private readonly held = new Map<string, Promise<void>>();

  async get(key: string): Promise<string | undefined> {
    await this.work('get');
    return this.stored.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    await this.work('store');
    for (const [prefix, released] of this.held) {
      if (!key.startsWith(prefix)) continue;
      this.waiting++;
      await released;
      this.waiting--;
    }
    this.stored.set(key, value);
    this.tell(key);
  }

  async delete(key: string): Promise<void> {
    await this.work('delete');
    this.stored.delete(key);
    this.tell(key);
  }

  /** Holds back writes to keys with this prefix. @returns a function that lets them continue */
  holdBack(prefix: string): () => void {
    let release: (() => void) | undefined;
    this.held.set(prefix, new Promise((resolve) => (release = resolve)));
    return () => release?.();
  }

  async keys(): Promise<string[]> {
    await this.work('keys');
    return [...this.stored.keys()];
  }

  /** Everything stored, as one text to search. */
  text(): string {
    return [...this.stored].flat().join('\n');
  }

  private async work(operation: Operation): Promise<void> {
    await later();
    if (this.broken.includes(operation)) throw new Error('The keyring is locked.');
  }

  private tell(key: string): void {
    if (this.isMute) return;
    setImmediate(() => {
      this.changes.fire({ key });
    });
  }
}
