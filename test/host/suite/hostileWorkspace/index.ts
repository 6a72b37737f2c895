import { runPhase } from '../runPhase';

/** A workspace that tries to change how Looker Auth reaches Looker, trusted and untrusted. */
export const run = () => runPhase(__dirname);
