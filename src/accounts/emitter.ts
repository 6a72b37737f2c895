/** Something to be told to stop. Fits `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Subscribes to something that happens. Fits `vscode.Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Announces a value to its listeners, in order. VS Code's shape, without VS Code. */
export class Emitter<T> {
  private readonly listeners = new Set<{ call: (value: T) => void }>();

  readonly event: Event<T> = (call) => {
    const listener = { call };
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };

  fire(value: T): void {
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

  dispose(): void {
    this.listeners.clear();
  }
}
