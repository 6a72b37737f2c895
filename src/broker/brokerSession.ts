import type { Workspace } from '../looker/workspace';
import type { Lease, Minting } from './minting';
import { invalidToken, sharedWorkspace } from './refusedRequest';

/** So that a request does not start with a token that ends on the way. */
const MARGIN_MS = 60_000;

/** Whoever refuses a token that was got so shortly before does not mean the token. */
const FRESH_MS = 30_000;

/** A minted token, and how many requests are on their way with it. */
interface Held {
  readonly lease: Lease;
  /** Renewed with less than this left. */
  readonly marginMs: number;
  /** By the steady clock. */
  readonly mintedAt: number;
  /** The one it is in, which is not the session's where that was selected while this token was minted. */
  workspace: Workspace;
  uses: number;
  /** Whether another one has taken its place. */
  isOver: boolean;
}

/** A token that is being used for a request. */
export interface Use extends Lease {
  /** Whether nobody else uses its session. */
  readonly isOwn: boolean;
  /** Looker has put it into this workspace, and each token that takes its place belongs there too. */
  readonly selected: (workspace: Workspace) => void;
  /**
   * Looker has refused it (401): the next request gets another one.
   * @returns whether that makes sense
   */
  readonly reject: () => Promise<boolean>;
  /** The request is over. */
  readonly end: () => void;
}

/** One login of a program: what its broker token stands for at Looker. It logs in with its first request. */
export class BrokerSession {
  /** What the program has selected. A token that takes another's place is put into the same state. */
  private workspace: Workspace = 'production';

  private held: Held | undefined;
  private loggingIn: Promise<Held | undefined> | undefined;
  private isEnded = false;
  /** Not revoked yet: the one that is held, and those before it that are in use. */
  private readonly live = new Set<Held>();
  private readonly revoking = new Set<Promise<void>>();

  /** @param steady ms that only ever go up */
  constructor(
    private readonly minting: Minting,
    private readonly steady: () => number,
  ) {}

  /** Requests that are on their way with a token of its own. */
  get isInUse(): boolean {
    return this.loggingIn !== undefined || (this.held?.uses ?? 0) > 0;
  }

  /**
   * A token for one request.
   * @throws LookerError; Refusal once the session has ended, or where only the account's own token is left to a program
   * that has selected another workspace than that one's
   */
  async use(): Promise<Use> {
    const held = await this.good();
    if (!held && this.workspace === 'dev') throw sharedWorkspace();
    const lease = held?.lease ?? (await this.minting.shared());
    if (this.isEnded) throw invalidToken();
    if (!held) {
      const reject = async () => {
        await this.minting.rejected(lease.token);
        return true;
      };
      const nothing = () => undefined;
      return { ...lease, isOwn: false, selected: nothing, reject, end: nothing };
    }
    held.uses += 1;
    return {
      ...lease,
      isOwn: true,
      selected: (workspace) => {
        held.workspace = workspace;
        this.workspace = workspace;
      },
      reject: () => {
        const isFresh = this.steady() - held.mintedAt < FRESH_MS;
        if (!isFresh) this.replace(held, undefined);
        return Promise.resolve(!isFresh);
      },
      end: () => {
        held.uses -= 1;
        this.revokeUnused(held);
      },
    };
  }

  /** Ends the session at Looker, whatever is on its way. Never fails. */
  async end(): Promise<void> {
    this.isEnded = true;
    await this.loggingIn?.catch(() => undefined);
    this.held = undefined;
    for (const held of this.live) this.revoke(held);
    await Promise.all(this.revoking);
  }

  /** @returns undefined where the account's own token is shared */
  private async good(): Promise<Held | undefined> {
    const { held } = this;
    const isThere = held?.workspace === this.workspace;
    if (held && isThere && held.lease.timeLeft() > held.marginMs) return held;
    try {
      return await (this.loggingIn ??= this.logIn().finally(() => {
        this.loggingIn = undefined;
      }));
    } catch (error) {
      // Its last minute is better than none.
      const isStill = held && held === this.held && held.workspace === this.workspace;
      if (isStill && held.lease.timeLeft() > 0) return held;
      throw error;
    }
  }

  private async logIn(): Promise<Held | undefined> {
    for (;;) {
      const held = await this.mint();
      // Another workspace was selected meanwhile, with the token before.
      if (held && held.workspace !== this.workspace) {
        this.revoke(held);
        continue;
      }
      if (this.held) this.replace(this.held, held);
      else this.held = held;
      return held;
    }
  }

  private async mint(): Promise<Held | undefined> {
    if (this.isEnded) throw invalidToken();
    const { workspace } = this;
    const lease = await this.minting.mint(workspace);
    if (!lease) return undefined;
    const marginMs = Math.min(MARGIN_MS, lease.timeLeft() / 3);
    const mintedAt = this.steady();
    const held = { lease, marginMs, mintedAt, workspace, uses: 0, isOver: false };
    this.live.add(held);
    return held;
  }

  private replace(held: Held, by: Held | undefined): void {
    if (this.held === held) this.held = by;
    held.isOver = true;
    this.revokeUnused(held);
  }

  /** Looker may stop a query whose session ends, so a token that is in use is revoked afterward. */
  private revokeUnused(held: Held): void {
    if (held.isOver && held.uses === 0) this.revoke(held);
  }

  private revoke(held: Held): void {
    const isLive = this.live.delete(held);
    if (!isLive || held.lease.timeLeft() <= 0) return;
    const revoking = this.minting.revoke(held.lease.token).finally(() => {
      this.revoking.delete(revoking);
    });
    this.revoking.add(revoking);
  }
}
