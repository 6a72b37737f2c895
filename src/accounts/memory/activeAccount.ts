import { KeyedMutex } from '../keyedMutex';
import type { Log } from '../log';
import type { AccountStore } from '../store/accountStore';

/** Which account is the active one, in step with the other windows. */
export class ActiveAccount {
  private current: string | undefined;
  /** Whether the store does not have the choice made here yet. */
  private activeUnsaved = false;
  /** Reading and writing take turns: a late read must not undo a choice. */
  private readonly mutex = new KeyedMutex();

  /** @param announce tells the listeners that it may have changed */
  constructor(
    private readonly store: AccountStore,
    private readonly log: Log,
    private readonly announce: () => void,
  ) {}

  /** The account chosen last; it may be logged out by now. */
  get id(): string | undefined {
    return this.current;
  }

  /**
   * Makes an account the active one, here at once.
   * @param id undefined where no account is left
   * @returns once that is stored, or cannot be: which account is shown is not worth failing for
   */
  activate(id: string | undefined): Promise<void> {
    this.current = id;
    this.activeUnsaved = true;
    this.announce();
    return this.sync();
  }

  /** Makes memory and store agree: a choice made here is stored, else the stored one is read. Never fails. */
  sync(): Promise<void> {
    return this.mutex.run('active', async () => {
      try {
        await (this.activeUnsaved ? this.save(this.current) : this.read());
      } catch (error) {
        this.log.warn(`Could not store or read which account is active: ${String(error)}`);
      }
      this.announce();
    });
  }

  private async read(): Promise<void> {
    const stored = await this.store.readActive();
    // Another one may have been chosen here meanwhile.
    if (!this.activeUnsaved) this.current = stored;
  }

  private async save(id: string | undefined): Promise<void> {
    if (id === undefined) await this.store.deleteActive();
    else await this.store.writeActive(id);
    this.activeUnsaved = this.current !== id;
  }
}
