import { runPhase } from '../runPhase';

/** An extension that misbehaves, beside one that does not. */
export const run = () => runPhase(__dirname);
