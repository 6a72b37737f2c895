import type { Secrets } from '../../src/accounts/secrets';
import { Emitter } from '../../src/accounts/emitter';
import { pick } from './random';
import type { Waits } from './waits';

/** What goes wrong with one call: it does nothing and throws, or does its work and throws all the same. */
export type KeyringFault = 'fails' | 'failsAfterwards';

/** What may go wrong with what windows are told of changes. They always come late, and in any order. */
export type EventFault = 'doubled' | 'spurious' | 'missing';

/** SecretStorage at its worst, shared by several windows. What it has stored, it never forgets. */
export class HostileSecrets {
  readonly stored = new Map<string, string>();
  nextFault: () => KeyringFault | undefined = () => undefined;
  nextEventFault: () => EventFault | undefined = () => undefined;
  /** Whether every window could learn of every change: no event was lost, and what it led to worked. */
  hasToldAll = true;

  private readonly windows = new Map<string, Emitter<{ key: string }>>();
  private subscriptions = 0;
  private readonly refused = new Set<string>();

  constructor(
    private readonly waits: Waits,
    private readonly random: () => number,
  ) {}

  /** Whether a window may still have to store something about an account, having been refused it once. */
  hasRefused(window: string, accountId: string): boolean {
    return this.refused.has(`${window} ${accountId}`);
  }

  /** How many listen, in all windows. */
  get listeners(): number {
    return this.subscriptions;
  }

  /** SecretStorage as one window sees it. */
  of(window: string): Secrets {
    const changes = new Emitter<{ key: string }>();
    this.windows.set(window, changes);
    return {
      get: (key) => this.work(window, key, () => this.stored.get(key)),
      keys: () => this.work(window, '', () => [...this.stored.keys()]),
      store: (key, value) =>
        this.work(window, key, () => {
          this.stored.set(key, value);
          this.tell(key);
        }),
      delete: (key) =>
        this.work(window, key, () => {
          this.stored.delete(key);
          this.tell(key);
        }),
      onDidChange: (listener) => {
        const subscription = changes.event(listener);
        this.subscriptions++;
        return {
          dispose: () => {
            subscription.dispose();
            this.subscriptions--;
          },
        };
      },
    };
  }

  private async work<T>(window: string, key: string, operation: () => T): Promise<T> {
    await this.waits.wait(window);
    const fault = this.nextFault();
    if (fault) {
      this.hasToldAll = false;
      this.refused.add(`${window} ${key.replace(/^lookerAuth\.account:/, '')}`);
    }
    if (fault === 'fails') throw new Error('The keyring is locked.');
    const result = operation();
    await this.waits.wait(window);
    if (fault) throw new Error('The keyring went away.');
    return result;
  }

  private tell(key: string): void {
    for (const window of this.windows.keys()) {
      const fault = this.nextEventFault();
      if (fault === 'missing') this.hasToldAll = false;
      else void this.deliver(window, key);
      if (fault === 'doubled') void this.deliver(window, key);
      if (fault === 'spurious') {
        void this.deliver(window, pick([...this.stored.keys()], this.random) ?? 'elsewhere');
      }
    }
  }

  private async deliver(window: string, key: string): Promise<void> {
    await this.waits.wait(window);
    this.windows.get(window)?.fire({ key });
  }
}
