import type { Secrets } from '../../src/accounts/store/secrets';
import { Emitter } from '../../src/base/emitter';
import { pick } from './random';
import type { Waits } from './waits';

/** The failure of one call: it throws without doing its work, or after doing it. */
export type KeyringFault = 'fails' | 'failsAfterwards';

/** Failures of change events. Events always arrive late, and in any order. */
export type EventFault = 'doubled' | 'spurious' | 'missing';

const ACCOUNT = 'lookerAuth.account:';

/** SecretStorage at its worst, shared by several windows. */
export class HostileSecrets {
  readonly stored = new Map<string, string>();
  nextFault: () => KeyringFault | undefined = () => undefined;
  nextEventFault: () => EventFault | undefined = () => undefined;
  /** Called when an account's record is about to be deleted. */
  onForget: (accountId: string) => void = () => undefined;
  /** Called when a window deletes an account's stored data without having seen it or the data that it replaced. */
  onBlindDelete: (accountId: string) => void = () => undefined;

  private readonly windows = new Map<string, Emitter<{ key: string }>>();
  private readonly untold = new Set<string>();
  /** What each window has read or stored last, by window and key. */
  private readonly seen = new Map<string, string | undefined>();
  /** What each window has stored over something that it hadn't seen, in the same form. */
  private readonly writtenBlind = new Set<string>();
  private subscriptions = 0;
  private readonly refused: { readonly window: string; readonly key: string }[] = [];

  constructor(
    private readonly waits: Waits,
    private readonly random: () => number,
  ) {}

  /** Whether a window (or any) may not know or have stored the latest state of an account, because a call failed. */
  hasRefused(accountId: string, window?: string): boolean {
    return this.refused.some(
      (refusal) =>
        (window ?? refusal.window) === refusal.window &&
        (refusal.key === ACCOUNT + accountId ||
          refusal.key.startsWith(`lookerAuth.token:${accountId} `)),
    );
  }

  /** Whether a window may have missed a change of an account's record. */
  isUnseen(accountId: string): boolean {
    return this.untold.has(ACCOUNT + accountId) || this.hasRefused(accountId);
  }

  /** IDs of the stored accounts, readable or not. */
  get accountIds(): readonly string[] {
    return [...this.stored.keys()]
      .filter((key) => key.startsWith(ACCOUNT))
      .map((key) => key.slice(ACCOUNT.length));
  }

  /** Everything stored, as one text to search. */
  get text(): string {
    return [...this.stored.values()].join();
  }

  /** The stored record of an account. */
  recordOf(accountId: string): string | undefined {
    return this.stored.get(ACCOUNT + accountId);
  }

  /** Another program writes the record of an account, and the windows are notified. */
  overwrite(accountId: string, record: string): void {
    this.stored.set(ACCOUNT + accountId, record);
    this.tell(ACCOUNT + accountId);
  }

  /** The keyring is replaced by an empty one, without notifying anyone. */
  forgetAll(): void {
    this.stored.clear();
  }

  /** Number of listeners in all windows. */
  get listeners(): number {
    return this.subscriptions;
  }

  /** SecretStorage as one window sees it. */
  of(window: string): Secrets {
    const changes = new Emitter<{ key: string }>();
    this.windows.set(window, changes);
    return {
      get: (key) => this.work(window, key, () => this.see(window, key)),
      keys: () => this.work(window, '', () => [...this.stored.keys()]),
      store: (key, value) =>
        this.work(window, key, () => {
          const at = placeOf(window, key);
          if (this.isUnseenBy(window, key)) this.writtenBlind.add(at);
          else this.writtenBlind.delete(at);
          this.stored.set(key, value);
          this.see(window, key);
          this.tell(key);
        }),
      delete: (key) =>
        this.work(window, key, () => {
          if (key.startsWith(ACCOUNT) && this.stored.has(key)) {
            const id = key.slice(ACCOUNT.length);
            this.onForget(id);
            const isBlind = this.isUnseenBy(window, key);
            if (isBlind || this.writtenBlind.has(placeOf(window, key))) this.onBlindDelete(id);
          }
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

  private isUnseenBy(window: string, key: string): boolean {
    return this.stored.has(key) && this.seen.get(placeOf(window, key)) !== this.stored.get(key);
  }

  private see(window: string, key: string): string | undefined {
    const value = this.stored.get(key);
    this.seen.set(placeOf(window, key), value);
    return value;
  }

  private async work<T>(window: string, key: string, operation: () => T): Promise<T> {
    await this.waits.wait(window);
    const fault = this.nextFault();
    if (fault) this.refused.push({ window, key });
    if (fault === 'fails') throw new Error('The keyring is locked.');
    const result = operation();
    await this.waits.wait(window);
    if (fault) throw new Error('The keyring went away.');
    return result;
  }

  private tell(key: string): void {
    for (const window of this.windows.keys()) {
      const fault = this.nextEventFault();
      if (fault === 'missing') this.untold.add(key);
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

/** A key as one window sees it. */
function placeOf(window: string, key: string): string {
  return `${window}\n${key}`;
}
