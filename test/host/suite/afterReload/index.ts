import { runPhase } from '../runPhase';

/** The window was reopened, on the machine as `consumer` left it. */
export const run = () => runPhase(__dirname);
