import { runPhase } from '../runPhase';

/** Another extension, with accounts that stay logged in. */
export const run = () => runPhase(__dirname);
