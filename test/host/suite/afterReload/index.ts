import { runPhase } from '../runPhase';

/** The window was closed and opened again, on the machine as `consumer` left it. */
export const run = () => runPhase(__dirname);
