import { Emitter, type Disposable } from '../../base/emitter';
import { abortable } from '../../looker/cancellation';
import type { ProbeResult } from '../../looker/api/probe';
import type { Inquiries } from '../context';

/** Looks for Looker at one instance at a time, while the user types. */
export class Probing implements Disposable {
  /** The instance it looks at, or has looked at. */
  baseUrl: string | undefined;
  found: ProbeResult | undefined;
  failure: Error | undefined;
  private running: Promise<ProbeResult> | undefined;
  private abort = new AbortController();
  private readonly changes = new Emitter<void>();

  /** Fires when it starts on another instance, and when the result is known. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly probe: Inquiries['probe']) {}

  dispose(): void {
    this.abort.abort();
    this.changes.dispose();
  }

  /** Starts to look there, unless it already does, or has found Looker there. */
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
        this.changes.fire();
      },
      (error: unknown) => {
        if (signal.aborted) return;
        this.failure = error as Error;
        this.changes.fire();
      },
    );
    this.changes.fire();
  }

  /** Whether the result isn't known yet. */
  get isLooking(): boolean {
    return this.running !== undefined && !this.found && !this.failure;
  }

  /** Stops, unless the result is already known. */
  stop(): void {
    if (!this.isLooking) return;
    this.abort.abort();
    this.baseUrl = undefined;
    this.running = undefined;
    this.changes.fire();
  }

  /** Waits for the result. @throws LookerError; CanceledError once `signal` is aborted */
  result(signal?: AbortSignal): Promise<ProbeResult> {
    if (!this.running) throw new Error('No instance to look at.');
    return abortable(this.running, signal);
  }
}
