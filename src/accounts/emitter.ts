/** Something to be told to stop. Fits `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Subscribes to something that happens. Fits `vscode.Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * Announces values to its listeners, in order. VS Code's shape, without VS Code. What is fired by a listener comes
 * after what is being announced, for every listener.
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
        // Its own fault and nobody else's: neither other listeners nor what is announced must suffer.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
