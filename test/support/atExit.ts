import os from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs this when the process ends, even by Ctrl+C or a kill. Returns a function that cancels it. */
export function atExit(cleanUp: () => void): () => void {
  for (const signal of SIGNALS) {
    if (!process.listeners(signal).includes(exit)) process.on(signal, exit);
  }
  process.once('exit', cleanUp);
  return () => process.off('exit', cleanUp);
}

/** A signal alone would end the process without running its `exit` handlers. */
function exit(signal: NodeJS.Signals): void {
  process.exit(128 + os.constants.signals[signal]);
}
