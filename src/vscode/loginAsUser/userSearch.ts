import { Emitter } from '../../base/emitter';
import type { UserPage } from '../../looker/api/searchUsers';
import type { LookerUser } from '../../looker/api/user';

/** Requests one page of the users that match, from 1. */
export type AskForUsers = (query: string, page: number, signal: AbortSignal) => Promise<UserPage>;

/** A search for users, page by page, and its state. */
export class UserSearch {
  private readonly changes = new Emitter<void>();
  /** Fires when the state changes. */
  readonly onDidChange = this.changes.event;

  /** The latest text; undefined before the first search. */
  query: string | undefined;
  users: readonly LookerUser[] = [];
  isAsking = false;
  hasMore = false;
  /** Why the latest page is missing. */
  failure: Error | undefined;

  private pages = 0;
  private signal = new AbortController().signal;

  constructor(private readonly ask: AskForUsers) {}

  /** Starts a new search. @param signal aborted once its results, or more pages, are no longer needed */
  search(query: string, signal: AbortSignal): Promise<void> {
    this.query = query;
    this.signal = signal;
    this.users = [];
    this.pages = 0;
    this.hasMore = false;
    return this.more();
  }

  /** Requests the next page, or the failed one again. Never fails: see {@link failure}. */
  async more(): Promise<void> {
    const { query = '', signal } = this;
    this.isAsking = true;
    this.failure = undefined;
    this.changes.fire();
    try {
      const { users: found, hasMore } = await this.ask(query, this.pages + 1, signal);
      if (signal.aborted) return;
      this.pages++;
      this.hasMore = hasMore;
      // If a user was added in the meantime, pages overlap.
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
