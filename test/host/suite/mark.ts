import { format } from 'node:util';

/** Begins what the suite prints, to tell it from all that VS Code logs to the same place. */
export const MARK = '│ ';

/**
 * Marks what is printed from now on. VS Code does not let `console.log` be replaced, so `console` is. Mocha
 * remembers how to print when it loads: call this before.
 */
export function markOutput(): void {
  const { log } = console;
  const value = (...args: unknown[]) => {
    log(MARK + format(...args));
  };
  globalThis.console = Object.create(console, { log: { value } }) as Console;
}
