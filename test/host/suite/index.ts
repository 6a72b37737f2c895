import { runPhase } from './runPhase';

/** Starts on a new machine. */
export const run = () => runPhase(__dirname);
