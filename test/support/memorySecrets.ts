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

  async get(key: string): Promise<string | undefined> {
    await later();
    return this.stored.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    await later();
    this.stored.set(key, value);
    this.tell(key);
  }

  async delete(key: string): Promise<void> {
    await later();
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

  private tell(key: string): void {
    setImmediate(() => {
      this.changes.fire({ key });
    });
  }
}
