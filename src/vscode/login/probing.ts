import { Emitter, type Disposable } from '../../accounts/emitter';
import { abortable } from '../../looker/cancellation';
import type { Found } from '../../looker/api/probe';
import type { Inquiries } from '../context';

/** Looks for Looker at one instance at a time, while the user types the next thing. */
export class Probing implements Disposable {
  /** Where it looks, or has looked. */
  baseUrl: string | undefined;
  found: Found | undefined;
  failure: Error | undefined;
  private running: Promise<Found> | undefined;
  private abort = new AbortController();
  private readonly changed = new Emitter<undefined>();

  /** Fires when it begins to look elsewhere, and when it is known what is there. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly probe: Inquiries['probe']) {}

  dispose(): void {
    this.abort.abort();
    this.changed.dispose();
  }

  /** Begins to look there, unless it does already or has found it. */
  lookAt(baseUrl: string): void {
    if (baseUrl === this.baseUrl && !this.failure) return;
    this.abort.abort();
    const { signal } = (this.abort = new AbortController());
    this.baseUrl = baseUrl;
    this.found = undefined;
    this.failure = undefined;
    this.running = this.probe(baseUrl, signal);
    this.running.then(
      (found) => {
        if (signal.aborted) return;
        this.found = found;
        this.changed.fire(undefined);
      },
      (error: unknown) => {
        if (signal.aborted) return;
        this.failure = error as Error;
        this.changed.fire(undefined);
      },
    );
    this.changed.fire(undefined);
  }

  /** Whether it looks, and does not know yet what is there. */
  get isLooking(): boolean {
    return this.running !== undefined && !this.found && !this.failure;
  }

  /** Looks no longer where it has found nothing yet. */
  stop(): void {
    if (!this.isLooking) return;
    this.abort.abort();
    this.baseUrl = undefined;
    this.running = undefined;
    this.changed.fire(undefined);
  }

  /** Waits for what is there. @throws LookerError; CanceledError once `signal` is aborted */
  result(signal?: AbortSignal): Promise<Found> {
    if (!this.running) throw new Error('Nobody has said where to look.');
    return abortable(this.running, signal);
  }
}
