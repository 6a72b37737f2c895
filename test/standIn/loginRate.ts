import { tooManyRequests } from './refusal';

const MINUTE_MS = 60_000;

/** Admits so many logins in any one minute, own and sudo together. */
export class LoginRate {
  private admitted: readonly number[] = [];

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number,
  ) {}

  /** Counts one login, or refuses it and says in how many seconds there is room again. */
  admit(): void {
    const now = this.now();
    this.admitted = this.admitted.filter((at) => at > now - MINUTE_MS);
    if (this.admitted.length >= this.perMinute) {
      const room = (this.admitted[0] ?? now) + MINUTE_MS;
      throw tooManyRequests(String(Math.ceil((room - now) / 1000)));
    }
    this.admitted = [...this.admitted, now];
  }
}
