import * as l10n from '@vscode/l10n';
import { hostOf } from '../instance/host';
import { formatUnit, formatWait } from '../numbers';
import { LookerError } from './lookerError';

/** JSON, but not of the shape Looker documents. */
export class UnexpectedReplyError extends LookerError {
  override readonly name = 'UnexpectedReplyError';
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

/** The reply was larger than anything Looker's login API sends. */
export class ReplyTooLargeError extends LookerError {
  override readonly name = 'ReplyTooLargeError';
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

/** Nobody waits longer than that for a Retry-After, which then says nothing but "later". */
const DAY_MS = 86_400_000;

/** Too many requests, for longer than we wait by ourselves. */
export class RateLimitedError extends LookerError {
  override readonly name = 'RateLimitedError';
  override readonly category = 'transient';
  override readonly verdict = l10n.t('{0} is rate-limiting requests.', hostOf(this.baseUrl));

  /** @param retryAfterMs how long the instance asks to be left alone, where it says so. */
  constructor(
    baseUrl: string,
    status: number,
    readonly retryAfterMs: number | undefined,
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

/** Looker answered with an error that is nobody's fault here. Says nothing about who is logged in. */
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
