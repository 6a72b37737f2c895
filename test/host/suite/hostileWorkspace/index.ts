import { runPhase } from '../runPhase';

/** A workspace that tries to change how we reach Looker: trusted, and on another machine not. */
export const run = () => runPhase(__dirname);
