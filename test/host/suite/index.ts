import { runPhase } from './runPhase';

/** The first phase: a new machine. */
export const run = () => runPhase(__dirname);
