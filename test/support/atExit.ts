import os from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Has this done when the process ends, by Ctrl+C or a kill too. Returns what calls it off. */
export function atExit(cleanUp: () => void): () => void {
  for (const signal of SIGNALS) {
    if (!process.listeners(signal).includes(exit)) process.on(signal, exit);
  }
  process.once('exit', cleanUp);
  return () => process.off('exit', cleanUp);
}

/** A signal alone would end the process without its `exit` handlers. */
function exit(signal: NodeJS.Signals): void {
  process.exit(128 + os.constants.signals[signal]);
}
