import { runPhase } from '../runPhase';

/** The third phase: the window was closed and opened again, on the machine the first phase left. */
export const run = () => runPhase(__dirname);
