import type { Api } from '../../looker/api/api';
import type { Token } from '../../looker/api/token';

/** Pending revocations, which a closing window waits for. */
export class Revocations {
  private readonly underWay = new Set<Promise<unknown>>();

  /** Waits until all revocations so far have finished or failed. */
  async allDone(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
  }

  /** Tracks work that revokes tokens, from its first request to its last. @returns the same promise */
  track<T>(work: Promise<T>): Promise<T> {
    this.underWay.add(work);
    const forget = () => {
      this.underWay.delete(work);
    };
    work.then(forget, forget);
    return work;
  }

  /** Revokes an unused token in the background. A failure is ignored. */
  revoke(api: Api, { value }: Token): void {
    this.track(api.logout(value)).catch(() => undefined);
  }

  /** Runs work with a new token. If it fails, the token is unused and is revoked. */
  async orRevoke<T>(api: Api, token: Token, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.revoke(api, token);
      throw error;
    }
  }
}
