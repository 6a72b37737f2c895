import { setImmediate as later } from 'node:timers/promises';
import { Emitter } from '../../src/accounts/emitter';
import type { Secrets } from '../../src/accounts/accountStore';

/**
 * VS Code's SecretStorage in memory: slow, as the real one is, and telling every window of every change.
 * Hand one to several `Accounts` to have several windows.
 */
export class MemorySecrets implements Secrets {
  readonly stored = new Map<string, string>();
  private readonly changes = new Emitter<{ key: string }>();

  readonly onDidChange = this.changes.event;

  /** What does not work now, as when the keyring is locked. */
  broken: 'get' | 'store' | 'delete' | undefined;

  async get(key: string): Promise<string | undefined> {
    await this.work('get');
    return this.stored.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    await this.work('store');
    this.stored.set(key, value);
    this.tell(key);
  }

  async delete(key: string): Promise<void> {
    await this.work('delete');
    this.stored.delete(key);
    this.tell(key);
  }

  async keys(): Promise<string[]> {
    await later();
    return [...this.stored.keys()];
  }

  /** Everything stored, as one text to search. */
  text(): string {
    return [...this.stored].flat().join('\n');
  }

  private async work(operation: MemorySecrets['broken']): Promise<void> {
    await later();
    if (this.broken === operation) throw new Error('The keyring is locked.');
  }

  private tell(key: string): void {
    setImmediate(() => {
      this.changes.fire({ key });
    });
  }
}
