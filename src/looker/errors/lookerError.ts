import { ExpectedError } from './expectedError';

/** Anything that can go wrong between Looker Auth and a Looker instance. */
export abstract class LookerError extends ExpectedError {
  declare readonly baseUrl: string;
  /** Ms for which another try is useless, as far as that is known. */
  readonly retryAfterMs: number | undefined = undefined;
  /** HTTP status of the response, if there was one. */
  readonly status: number | undefined;

  protected constructor(baseUrl: string, sentence: string, status?: number) {
    super(sentence, baseUrl);
    this.status = status;
  }

  override get detail(): string | undefined {
    return this.status === undefined ? undefined : `HTTP ${this.status}`;
  }
}

/** The network or the host didn't respond. Says nothing about whether the login is still valid. */
export abstract class NetworkError extends LookerError {
  override readonly category = 'transient';
  override readonly recovery = 'checkConnection';
}

/** Whether there was no response: the network is down, or the instance. */
export function isUnreachable(error: unknown): error is NetworkError {
  return error instanceof NetworkError;
}

/**
 * Whether Looker itself refused, so that retrying is useless until the user does something. All other failures say
 * nothing about the account: it is kept and tried again later.
 */
export function isRefusedByLooker(error: unknown): boolean {
  return error instanceof LookerError && error.category === 'refused';
}
