import { runPhase } from '../runPhase';

/** Another extension, on accounts that stay logged in. */
export const run = () => runPhase(__dirname);
