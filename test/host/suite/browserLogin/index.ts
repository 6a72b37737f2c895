import { runPhase } from '../runPhase';

/** Login with the browser, whose pages are visited beside. */
export const run = () => runPhase(__dirname);
