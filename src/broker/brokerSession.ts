import type { Workspace } from '../looker/workspace';
import type { Lease, Minting } from './minting';
import { invalidToken, sharedWorkspace } from './requestRefusal';

/** No request starts with a token that could expire while the request is running. */
const MARGIN_MS = 60_000;

/** If the server rejects a token this soon after issuing it, the token isn't the reason. */
const FRESH_MS = 30_000;

/** A minted token, and the number of requests using it. */
interface HeldToken {
  readonly lease: Lease;
  /** Renewed when less than this is left. */
  readonly marginMs: number;
  /** By the steady clock. */
  readonly mintedAt: number;
  /** The token's workspace. It differs from the session's if that was changed while the token was minted. */
  workspace: Workspace;
  uses: number;
  /** Whether it was replaced, or rejected by Looker, so that it gets no more requests. */
  isOver: boolean;
}

/** A token in use by a request. */
export interface Use extends Lease {
  /** Whether only this program uses the token's session. */
  readonly isOwn: boolean;
  /** Call it once Looker has put the token into a workspace. Tokens that replace it are put there, too. */
  readonly selected: (workspace: Workspace) => void;
  /**
   * Call it if Looker has rejected the token (401). The next request then gets another one, unless this one is new.
   * @returns whether repeating the request makes sense
   */
  readonly reject: () => Promise<boolean>;
  /** Call it when the request is over. */
  readonly end: () => void;
}

/** One login of a program: the Looker session behind its broker token. It logs in with its first request. */
export class BrokerSession {
  /** The workspace that the program selected. It also applies to tokens that replace the current one. */
  private workspace: Workspace = 'production';

  private held: HeldToken | undefined;
  private loggingIn: Promise<HeldToken | undefined> | undefined;
  private isEnded = false;
  /** Tokens that aren't revoked yet: the current one, and earlier ones still in use. */
  private readonly live = new Set<HeldToken>();
  private readonly revoking = new Set<Promise<void>>();

  /** @param steady a clock in ms that never goes back */
  constructor(
    private readonly minting: Minting,
    private readonly steady: () => number,
  ) {}

  /** Whether it is logging in, or requests are using its own token. */
  get isInUse(): boolean {
    return this.loggingIn !== undefined || (this.held?.uses ?? 0) > 0;
  }

  /**
   * A token for one request.
   * @throws LookerError; RequestRefusal if the session has ended, or if the program has selected another workspace
   *   and only the account's shared token is available
   */
  async use(): Promise<Use> {
    const held = await this.current();
    if (!held && this.workspace === 'dev') throw sharedWorkspace();
    const lease = held?.lease ?? (await this.minting.shared());
    if (this.isEnded) throw invalidToken();
    if (!held) {
      const reject = async () => {
        await this.minting.rejected(lease.token);
        return true;
      };
      const noop = () => undefined;
      return { ...lease, isOwn: false, selected: noop, reject, end: noop };
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

  /** Revokes all of the session's tokens, even those in use. Never fails. */
  async end(): Promise<void> {
    this.isEnded = true;
    await this.loggingIn?.catch(() => undefined);
    this.held = undefined;
    for (const held of this.live) this.revoke(held);
    await Promise.all(this.revoking);
  }

  /** The session's own token, new if necessary. @returns undefined if the account's own token must be shared */
  private async current(): Promise<HeldToken | undefined> {
    const { held } = this;
    const isInWorkspace = held?.workspace === this.workspace;
    if (held && isInWorkspace && held.lease.timeLeft() > held.marginMs) return held;
    try {
      return await (this.loggingIn ??= this.logIn().finally(() => {
        this.loggingIn = undefined;
      }));
    } catch (error) {
      // The old token's last minute is better than no token.
      const isStillHeld = held && held === this.held && held.workspace === this.workspace;
      if (isStillHeld && held.lease.timeLeft() > 0) return held;
      throw error;
    }
  }

  private async logIn(): Promise<HeldToken | undefined> {
    for (;;) {
      const held = await this.mint();
      // Another workspace was selected in the meantime, with the previous token.
      if (held && held.workspace !== this.workspace) {
        this.revoke(held);
        continue;
      }
      if (this.held) this.replace(this.held, held);
      else this.held = held;
      return held;
    }
  }

  private async mint(): Promise<HeldToken | undefined> {
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

  private replace(held: HeldToken, by: HeldToken | undefined): void {
    if (this.held === held) this.held = by;
    held.isOver = true;
    this.revokeUnused(held);
  }

  /** Looker may stop a query when its session ends, so a token is revoked only once no request is using it. */
  private revokeUnused(held: HeldToken): void {
    if (held.isOver && held.uses === 0) this.revoke(held);
  }

  private revoke(held: HeldToken): void {
    const isLive = this.live.delete(held);
    if (!isLive || held.lease.timeLeft() <= 0) return;
    const revoking = this.minting.revoke(held.lease.token).finally(() => {
      this.revoking.delete(revoking);
    });
    this.revoking.add(revoking);
  }
}
