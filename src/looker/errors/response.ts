import * as l10n from '@vscode/l10n';
import { hostOf } from '../instance/host';
import { formatUnit, formatWait } from '../numbers';
import { LookerError } from './lookerError';

/** The response is JSON, but not of the shape that Looker documents. */
export class UnexpectedResponseError extends LookerError {
  override readonly name = 'UnexpectedResponseError';
  override readonly category = 'transient';
  override readonly verdict = l10n.t(
    "{0} responds, but not with Looker's API.",
    hostOf(this.baseUrl),
  );

  /** @param field what is missing or wrong, unless that is the whole response. Its value is in no error. */
  constructor(baseUrl: string, status: number, field: string | null) {
    super(
      baseUrl,
      field === null
        ? l10n.t(
            '{0} sent an unexpected response. Check the URL, or open the log.',
            hostOf(baseUrl),
          )
        : l10n.t(
            '{0} sent an unexpected response (no valid {1}). Check the URL, or open the log.',
            hostOf(baseUrl),
            field,
          ),
      status,
    );
  }
}

/** The response was larger than any that Looker's login API sends. */
export class ResponseTooLargeError extends LookerError {
  override readonly name = 'ResponseTooLargeError';
  override readonly category = 'transient';
  override readonly verdict = this.message;

  constructor(baseUrl: string, limitBytes: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} sent a response larger than {1}, too large for a Looker login. Check the URL.',
        hostOf(baseUrl),
        formatUnit(limitBytes / 1024 / 1024, 'megabyte', 'short'),
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
  override readonly verdict = l10n.t('{0} is rate-limiting requests.', hostOf(this.baseUrl));

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
        ? l10n.t('{0} is rate-limiting requests. Try again later.', hostOf(baseUrl))
        : l10n.t(
            '{0} is rate-limiting requests. Try again in {1}.',
            hostOf(baseUrl),
            formatWait(Math.max(1, Math.ceil(retryAfterMs / 1000)) * 1000),
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
      l10n.t('{0} responded with an error. Try again later.', hostOf(baseUrl)),
      status,
    );
    this.verdict = l10n.t('{0} is reachable, but responds with an error.', hostOf(baseUrl));
  }
}
