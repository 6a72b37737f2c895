import * as l10n from '@vscode/l10n';
import { hostOf } from '../instance/host';
import { LookerError } from './lookerError';

/** JSON, but not of the shape Looker documents. */
export class UnexpectedReplyError extends LookerError {
  override readonly name = 'UnexpectedReplyError';
  override readonly category = 'transient';
  override readonly verdict = l10n.t(
    'Something answers at {0}, but it is not Looker’s API.',
    hostOf(this.baseUrl),
  );

  /** @param problem what was missing or wrong, naming fields and never values. */
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

/** The reply was larger than anything Looker's login API sends. */
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

/** Nobody waits longer than that for a Retry-After, which then says nothing but "later". */
const DAY_MS = 86_400_000;

/** Too many requests, for longer than we wait by ourselves. */
export class RateLimitedError extends LookerError {
  override readonly name = 'RateLimitedError';
  override readonly category = 'transient';
  override readonly verdict = l10n.t('{0} is busy and asks for patience.', hostOf(this.baseUrl));

  /** @param retryAfterMs how long the instance asks to be left alone, where it says so. */
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

/** Looker answered with an error that is nobody's fault here. Says nothing about who is logged in. */
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
