import { runPhase } from '../runPhase';

/** Browser logins. The test visits the pages. */
export const run = () => runPhase(__dirname);
