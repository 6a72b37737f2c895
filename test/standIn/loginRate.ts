import { tooManyRequests } from './refusal';

const MINUTE_MS = 60_000;

/** Allows a number of logins per minute, including sudo. */
export class LoginRate {
  private admitted: readonly number[] = [];

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number,
  ) {}

  /** Counts one login, or refuses it with the seconds until the next one is allowed. */
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
