import { runPhase } from '../runPhase';

/** A rude extension beside a well-behaved one. */
export const run = () => runPhase(__dirname);
