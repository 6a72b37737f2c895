import { runPhase } from '../runPhase';

/** Beside an extension that has registered the provider id first. */
export const run = () => runPhase(__dirname);
