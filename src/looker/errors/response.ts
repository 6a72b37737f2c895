import * as l10n from '@vscode/l10n';
import { hostOf } from '../instance/host';
import { LookerError } from './lookerError';

/** The response is JSON, but not of the shape that Looker documents. */
export class UnexpectedReplyError extends LookerError {
  override readonly name = 'UnexpectedReplyError';
  override readonly category = 'transient';
  override readonly verdict = l10n.t(
    'Something answers at {0}, but it is not Looker’s API.',
    hostOf(this.baseUrl),
  );

  /** @param problem what was missing or wrong; it names fields, never values */
  constructor(baseUrl: string, status: number, problem: string) {
    super(
      baseUrl,
      l10n.t(
        "{0} gave a reply that is not Looker's: {1}. Check the instance URL, or look into the log.",
        hostOf(baseUrl),
        problem,
      ),
      status,
    );
  }
}

/** The response was larger than any that Looker's login API sends. */
export class ReplyTooLargeError extends LookerError {
  override readonly name = 'ReplyTooLargeError';
  override readonly category = 'transient';
  override readonly verdict = this.message;

  constructor(baseUrl: string, limitBytes: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} sent more than {1} MB, which no Looker login does. Check the instance URL.',
        hostOf(baseUrl),
        limitBytes / 1024 / 1024,
      ),
    );
  }
}

/** A longer Retry-After is useless to the user, so the message says "later" instead. */
const DAY_MS = 86_400_000;

/** The rate limit is exceeded, for longer than Looker Auth waits on its own. */
export class RateLimitedError extends LookerError {
  override readonly name = 'RateLimitedError';
  override readonly category = 'transient';
  override readonly verdict = l10n.t('{0} is busy and asks for patience.', hostOf(this.baseUrl));

  /** @param retryAfterMs how long the instance wants to be left alone; undefined if it doesn't say */
  constructor(
    baseUrl: string,
    status: number,
    override readonly retryAfterMs: number | undefined,
  ) {
    const isFar = retryAfterMs === undefined || retryAfterMs > DAY_MS;
    super(
      baseUrl,
      isFar
        ? l10n.t(
            '{0} is busy and asks for patience (HTTP {1}). Try again later.',
            hostOf(baseUrl),
            status,
          )
        : l10n.t(
            '{0} is busy and asks for patience (HTTP {1}). Try again in {2} seconds.',
            hostOf(baseUrl),
            status,
            Math.max(1, Math.ceil(retryAfterMs / 1000)),
          ),
      status,
    );
  }
}

/** Looker responded with a server error. Says nothing about whether the login is still valid. */
export class ServerError extends LookerError {
  override readonly name = 'ServerError';
  override readonly category = 'transient';
  override readonly verdict: string;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t('{0} answered with an error (HTTP {1}). Try again later.', hostOf(baseUrl), status),
      status,
    );
    this.verdict = l10n.t(
      '{0} is there, but answers with an error of its own (HTTP {1}).',
      hostOf(baseUrl),
      status,
    );
  }
}
