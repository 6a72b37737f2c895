import type { Api } from '../../looker/api/api';
import type { Token } from '../../looker/api/token';

/** Tokens that Looker is being told to end, for a window that closes to wait for. */
export class Revocations {
  private readonly underWay = new Set<Promise<unknown>>();

  /** Waits until Looker has been told of all so far, or cannot be. */
  async allDone(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
  }

  /** Notes work that ends tokens, from before its first request to after its last. @returns the same */
  note<T>(work: Promise<T>): Promise<T> {
    this.underWay.add(work);
    const forget = () => {
      this.underWay.delete(work);
    };
    work.then(forget, forget);
    return work;
  }

  /** Ends a token that nobody will keep; how that goes concerns nobody. */
  revoke(api: Api, { value }: Token): void {
    this.note(api.logout(value)).catch(() => undefined);
  }

  /** Does something with a new token. Where that fails nobody will keep the token, and it is ended. */
  async orRevoke<T>(api: Api, token: Token, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.revoke(api, token);
      throw error;
    }
  }
}
