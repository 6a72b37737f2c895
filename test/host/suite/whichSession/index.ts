import { runPhase } from '../runPhase';

/** The table in the guide for authors: which session an extension gets. */
export const run = () => runPhase(__dirname);
