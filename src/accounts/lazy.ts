import { CodeMissingError } from './errors';

/**
 * Something that is loaded once, when it is first needed: most windows never need it. All code that isn't loaded at the
 * start of a window is loaded through this class, so that a failed load is always the same error, and is retried the
 * next time.
 */
export class Lazy<T> {
  private loading: Promise<T> | undefined;

  constructor(private readonly load: () => Promise<T>) {}

  /** What is loaded or being loaded; undefined before the first use. */
  get inUse(): Promise<T> | undefined {
    return this.loading;
  }

  /** @throws CodeMissingError; other errors of `load` */
  get(): Promise<T> {
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined;
      throw isMissing(error) ? new CodeMissingError() : error;
    });
    return this.loading;
  }
}

/** Whether Node didn't find a file of code. */
function isMissing(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
}
