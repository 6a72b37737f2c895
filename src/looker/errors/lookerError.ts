import { ExpectedError } from './expectedError';

/** Everything that can go wrong between us and a Looker instance. */
export abstract class LookerError extends ExpectedError {
  declare readonly baseUrl: string;
  /** HTTP status Looker answered with, where it answered. */
  readonly status: number | undefined;

  protected constructor(baseUrl: string, sentence: string, status?: number) {
    super(sentence, baseUrl);
    this.status = status;
  }

  override get detail(): string | undefined {
    return this.status === undefined ? undefined : `HTTP ${this.status}`;
  }
}

/** The network, or the host behind it, did not answer at all. Says nothing about who is logged in. */
export abstract class NetworkError extends LookerError {
  override readonly category = 'transient';
  override readonly recovery = 'checkConnection';
}

/** Whether nobody answers there: the network is away, or the instance. */
export function isUnreachable(error: unknown): error is NetworkError {
  return error instanceof NetworkError;
}

/**
 * Whether Looker itself said no, so that trying again is useless until the user does something. All
 * other failures say nothing about the account: it is kept, and tried again later.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof LookerError && error.category === 'refused';
}
