import { runPhase } from '../runPhase';

/** The second phase: another extension, on accounts that stay logged in. */
export const run = () => runPhase(__dirname);
