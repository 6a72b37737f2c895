/** How long an extension waits for Looker, in ms. */
export interface Patience {
  /** Once there is a session, for the others: an instance that does not respond must not hold them up. */
  readonly forOthers: number;
  /** In all: VS Code does one thing with all sessions after the other. */
  readonly inAll: number;
}

export const PATIENCE: Patience = { forOthers: 5000, inAll: 10_000 };
