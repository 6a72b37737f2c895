import { runPhase } from '../runPhase';

/** With an extension that has registered the provider ID first. */
export const run = () => runPhase(__dirname);
