import { format } from 'node:util';

/** Prefix of the suite's output, to separate it from VS Code's log in the same place. */
export const MARK = '│ ';

/**
 * Marks the output from now on. VS Code doesn't let `console.log` be replaced, so `console` is. Mocha remembers how to
 * print when it loads, so call this before.
 */
export function markOutput(): void {
  const { log } = console;
  const value = (...args: unknown[]) => {
    log(MARK + format(...args));
  };
  globalThis.console = Object.create(console, { log: { value } }) as Console;
}
