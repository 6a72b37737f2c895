import { CodeMissingError } from './errors';

/**
 * Something that is loaded when it is first needed, and once: most windows never need it. All code that a window does not
 * load at its start comes by this way, so that a load that fails is one error, and is tried again the next time.
 */
export class Lazy<T> {
  private loading: Promise<T> | undefined;

  constructor(private readonly load: () => Promise<T>) {}

  /** What is loaded, or being loaded; undefined while nobody has needed it. */
  get inUse(): Promise<T> | undefined {
    return this.loading;
  }

  /** @throws CodeMissingError; whatever else `load` fails with */
  get(): Promise<T> {
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined;
      throw isMissing(error) ? new CodeMissingError() : error;
    });
    return this.loading;
  }
}

/** Whether Node has not found a file of code. */
function isMissing(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
}
