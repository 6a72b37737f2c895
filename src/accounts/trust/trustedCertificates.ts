import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { Milliseconds } from '../../looker/api/shapes';
import { abortable } from '../../looker/cancellation';
import { certificateOf, type Certificate } from '../../looker/tls/certificate';
import type { Clock } from '../../looker/clock';
import type { Disposable } from '../../base/emitter';
import { SecretStorageError, UnknownTrustError } from '../errors';
import type { Log } from '../../base/log';
import type { Secrets } from '../store/secrets';
import { KeyedMutex } from '../../base/keyedMutex';

/** A certificate that the user has trusted for one instance. Nothing in it is secret. */
export interface TrustedCertificate {
  readonly baseUrl: string;
  readonly certificate: Certificate;
  /** Epoch ms. */
  readonly trustedAt: number;
}

export interface TrustedCertificatesOptions {
  /**
   * SecretStorage writes keys one by one, so that no window overwrites another's decision, and it notifies all windows.
   */
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
}

/** The certificate that this window has trusted; undefined if it has forgotten one. */
type Decision = TrustedCertificate | undefined;

const PREFIX = 'lookerAuth.certificate:';

/** Schema of a stored certificate. An invalid entry is left in place and trusts nothing. */
const StoredCertificate = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    pem: v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        try {
          return certificateOf(dataset.value);
        } catch {
          addIssue({ message: 'is no certificate' });
          return NEVER;
        }
      }),
    ),
    trustedAt: Milliseconds,
  }),
);

/**
 * The server certificates that the user has inspected and trusted, one per instance. Each applies to that instance
 * only, until it is forgotten. Changes apply without reloading windows.
 *
 * They are kept in memory, in sync with the store. Until the store could be read, nothing may be sent: an instance with
 * a trusted certificate must never be verified by anything weaker, such as the system's certificates.
 */
export class TrustedCertificates implements Disposable {
  private readonly trusted = new Map<string, TrustedCertificate>();
  /** Instances whose latest change by another window couldn't be read, with the reason. */
  private readonly unread = new Map<string, unknown>();
  /** Decisions of this window that aren't stored yet. They already apply here. */
  private readonly unsaved = new Map<string, Decision>();
  private readonly mutex = new KeyedMutex();
  private readonly subscription: Disposable;
  /** Why the trusted certificates aren't known yet; undefined once they are. */
  private failure: unknown = new Error(l10n.t('not read yet'));
  private catchingUp: Promise<void> | undefined;

  /** Starts reading what is stored. */
  constructor(private readonly options: TrustedCertificatesOptions) {
    this.subscription = options.secrets.onDidChange(({ key }) => {
      if (key.startsWith(PREFIX)) void this.sync(key.slice(PREFIX.length));
    });
    void this.catchUp();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Picks up changes by other windows, and stores what couldn't be stored before. Never fails. */
  catchUp(): Promise<void> {
    return (this.catchingUp ??= this.readAll().finally(() => {
      this.catchingUp = undefined;
    }));
  }

  /**
   * Returns a `fetch` for an instance that sends nothing until its trusted certificate is known.
   * @param fetchWith returns a `fetch` that trusts the given certificate
   * @throws UnknownTrustError if it can't be determined; CanceledError
   */
  guard<Init extends { readonly signal: AbortSignal }, Response>(
    baseUrl: string,
    fetchWith: (
      trusted: TrustedCertificate | undefined,
    ) => (url: string, init: Init) => Promise<Response>,
  ): (url: string, init: Init) => Promise<Response> {
    return async (url, init) => {
      if (this.isUnknown(baseUrl)) await abortable(this.catchUp(), init.signal);
      return fetchWith(this.get(baseUrl))(url, init);
    };
  }

  /** All of them that could be read, by instance. */
  all(): readonly TrustedCertificate[] {
    return [...this.trusted.values()].sort((a, b) => a.baseUrl.localeCompare(b.baseUrl));
  }

  /** @throws UnknownTrustError if it couldn't be read, or hasn't been read yet */
  get(baseUrl: string): TrustedCertificate | undefined {
    if (this.isUnknown(baseUrl)) {
      throw new UnknownTrustError(baseUrl, this.failure ?? this.unread.get(baseUrl));
    }
    return this.trusted.get(baseUrl);
  }

  /** Takes effect at once, without waiting for the store. If it can't be stored, it applies to this window only. */
  trust(baseUrl: string, certificate: Certificate): void {
    const { log, clock } = this.options;
    log.info(`You trusted the certificate ${certificate.fingerprint} for ${baseUrl}.`);
    void this.choose(baseUrl, { baseUrl, certificate, trustedAt: clock.now() });
  }

  /**
   * Takes effect here at once.
   * @throws SecretStorageError if it can't be stored yet: other windows still trust the certificate
   */
  async forget(baseUrl: string): Promise<void> {
    this.options.log.info(`You forgot the trusted certificate of ${baseUrl}.`);
    const error = await this.choose(baseUrl, undefined);
    if (error === undefined) return;
    throw new SecretStorageError(
      error,
      l10n.t('Until it recovers, other windows still trust the certificate of {0}.', baseUrl),
    );
  }

  private isUnknown(baseUrl: string): boolean {
    if (this.unsaved.has(baseUrl)) return false;
    return this.failure !== undefined || this.unread.has(baseUrl);
  }

  /** @returns why it couldn't be stored */
  private async choose(baseUrl: string, decision: Decision): Promise<unknown> {
    this.unsaved.set(baseUrl, decision);
    this.keep(baseUrl, decision);
    return this.sync(baseUrl);
  }

  private async readAll(): Promise<void> {
    try {
      const keys = await this.options.secrets.keys();
      const stored = keys
        .filter((key) => key.startsWith(PREFIX))
        .map((key) => key.slice(PREFIX.length));
      const known = [...this.trusted.keys(), ...this.unsaved.keys(), ...this.unread.keys()];
      await Promise.all([...new Set([...stored, ...known])].map((url) => this.sync(url)));
      this.failure = undefined;
    } catch (error) {
      this.options.log.warn(`Couldn't read the trusted certificates: ${String(error)}`);
      // What was read before stays up to date, since windows are notified of changes.
      if (this.failure !== undefined) this.failure = error;
    }
  }

  /** Stores this window's unsaved decision if there is one, else reads the store. @returns the error, if it failed */
  private sync(baseUrl: string): Promise<unknown> {
    return this.mutex.run(baseUrl, async () => {
      try {
        if (this.unsaved.has(baseUrl)) await this.store(baseUrl, this.unsaved.get(baseUrl));
        else await this.read(baseUrl);
        return undefined;
      } catch (error) {
        if (!this.unsaved.has(baseUrl)) this.unread.set(baseUrl, error);
        this.options.log.warn(
          `Couldn't save or read which certificate of ${baseUrl} you trust: ${String(error)}`,
        );
        return error;
      }
    });
  }

  private async store(baseUrl: string, decision: Decision): Promise<void> {
    const { secrets } = this.options;
    if (decision) {
      const { certificate, trustedAt } = decision;
      await secrets.store(PREFIX + baseUrl, JSON.stringify({ pem: certificate.pem, trustedAt }));
    } else {
      await secrets.delete(PREFIX + baseUrl);
    }
    // The user may have decided otherwise in the meantime.
    if (this.unsaved.get(baseUrl) === decision) this.unsaved.delete(baseUrl);
  }

  private async read(baseUrl: string): Promise<void> {
    const stored = await this.options.secrets.get(PREFIX + baseUrl);
    this.unread.delete(baseUrl);
    if (this.unsaved.has(baseUrl)) return;
    const parsed = v.safeParse(StoredCertificate, stored);
    const { pem: certificate, trustedAt } = parsed.success ? parsed.output : {};
    this.keep(
      baseUrl,
      certificate && trustedAt !== undefined ? { baseUrl, certificate, trustedAt } : undefined,
    );
  }

  private keep(baseUrl: string, decision: Decision): void {
    if (decision) this.trusted.set(baseUrl, decision);
    else this.trusted.delete(baseUrl);
  }
}
