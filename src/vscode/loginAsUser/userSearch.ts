import { Emitter } from '../../accounts/emitter';
import type { UserPage } from '../../looker/api/searchUsers';
import type { LookerUser } from '../../looker/api/user';

/** One page of the users that words find, from 1. */
export type AskForUsers = (words: string, page: number, signal: AbortSignal) => Promise<UserPage>;

/** A search for users, page after page: what it has found, and how it stands. */
export class UserSearch {
  private readonly changes = new Emitter<void>();
  /** Fires when there is more to show. */
  readonly onDidChange = this.changes.event;

  /** What was searched for last; nothing yet is undefined. */
  words: string | undefined;
  users: readonly LookerUser[] = [];
  isAsking = false;
  hasMore = false;
  /** Why the last page did not come. */
  failure: Error | undefined;

  private pages = 0;
  private signal = new AbortController().signal;

  constructor(private readonly ask: AskForUsers) {}

  /** Starts anew. @param signal aborted once nobody wants the answer, nor any further page */
  search(words: string, signal: AbortSignal): Promise<void> {
    this.words = words;
    this.signal = signal;
    this.users = [];
    this.pages = 0;
    this.hasMore = false;
    return this.more();
  }

  /** The next page; where the last one did not come, that one again. Never fails: see {@link failure}. */
  async more(): Promise<void> {
    const { words = '', signal } = this;
    this.isAsking = true;
    this.failure = undefined;
    this.changes.fire();
    try {
      const { users: found, hasMore } = await this.ask(words, this.pages + 1, signal);
      if (signal.aborted) return;
      this.pages++;
      this.hasMore = hasMore;
      // Between two pages somebody may have been added before those who are shown already.
      const known = new Set(this.users.map(({ id }) => id));
      this.users = [...this.users, ...found.filter(({ id }) => !known.has(id))];
    } catch (error) {
      if (signal.aborted) return;
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
    this.isAsking = false;
    this.changes.fire();
  }
}
