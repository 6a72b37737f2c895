import { sha256 } from '../base/sha256';
import { BrokerSession } from './brokerSession';
import { randomToken } from './terminalCredentials';
import type { Minting } from './minting';

/** Programs that are run repeatedly log in each time, and most never log out. */
const MOST_SESSIONS = 100;

/** The broker tokens of one terminal. None of them works anywhere else. */
export class BrokerSessions {
  /** By the hash of their token, so that the time a lookup takes reveals nothing. The last used is last. */
  private readonly sessions = new Map<string, BrokerSession>();
  private readonly ending = new Set<Promise<void>>();
  /** Key of the first session, whose token is in the terminal's environment and can't be replaced there. */
  private lasting: string | undefined;

  constructor(
    private readonly minting: Minting,
    private readonly steady: () => number,
  ) {}

  /**
   * Creates a token, without a request to Looker. If there are now more than 100, the least recently used session ends,
   * but never one in use, and never the first.
   */
  open(): { readonly token: string; readonly session: BrokerSession } {
    const token = randomToken();
    const session = new BrokerSession(this.minting, this.steady);
    const key = sha256(token);
    this.lasting ??= key;
    this.sessions.set(key, session);
    if (this.sessions.size > MOST_SESSIONS) {
      const [oldest] =
        [...this.sessions].find(
          ([one, { isInUse }]) => !isInUse && one !== key && one !== this.lasting,
        ) ?? [];
      if (oldest !== undefined) void this.endKey(oldest);
    }
    return { token, session };
  }

  /** @returns undefined if the token isn't one of this terminal's, or no longer works */
  find(token: string): BrokerSession | undefined {
    const key = sha256(token);
    const session = this.sessions.get(key);
    if (!session) return undefined;
    this.sessions.delete(key);
    this.sessions.set(key, session);
    return session;
  }

  /** Stops accepting a token at once, and resolves once its session is revoked on the server. Never fails. */
  async end(token: string): Promise<void> {
    await this.endKey(sha256(token));
  }

  /** Ends all sessions. */
  async endAll(): Promise<void> {
    for (const key of [...this.sessions.keys()]) void this.endKey(key);
    await Promise.all(this.ending);
  }

  private endKey(key: string): Promise<void> {
    const ending = (this.sessions.get(key)?.end() ?? Promise.resolve()).finally(() => {
      this.ending.delete(ending);
    });
    this.sessions.delete(key);
    this.ending.add(ending);
    return ending;
  }
}
