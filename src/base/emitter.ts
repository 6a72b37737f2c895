/** Something that can be stopped or released. Fits `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Subscribes to an event. Fits `vscode.Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * Announces values to its listeners in order, in the shape of VS Code's emitter. A value that a listener fires is
 * announced to all listeners after the current one.
 */
export class Emitter<T> {
  private readonly listeners = new Set<{ call: (value: T) => void }>();
  private readonly waiting: T[] = [];
  private isFiring = false;

  readonly event: Event<T> = (call) => {
    const listener = { call };
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };

  fire(value: T): void {
    this.waiting.push(value);
    if (this.isFiring) return;
    this.isFiring = true;
    while (this.waiting.length > 0) this.announce(this.waiting.shift() as T);
    this.isFiring = false;
  }

  dispose(): void {
    this.listeners.clear();
  }

  private announce(value: T): void {
    for (const { call } of [...this.listeners]) {
      try {
        call(value);
      } catch (error) {
        // A failing listener must not affect other listeners or the caller.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
