import { runPhase } from '../runPhase';

/** A separate phase: VS Code has a proxy in its settings, and the machine trusts the company's CA. */
export const run = () => runPhase(__dirname);
