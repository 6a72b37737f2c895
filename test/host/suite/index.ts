import { runPhase } from './runPhase';

/** A new machine. */
export const run = () => runPhase(__dirname);
