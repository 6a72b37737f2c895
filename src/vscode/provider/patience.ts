/** How long an extension waits for Looker, in ms. */
export interface Patience {
  /** After the first session, for the rest: an instance that doesn't respond must not hold up the others. */
  readonly forOthers: number;
  /** In total, since VS Code handles requests for sessions one after the other. */
  readonly inAll: number;
}

export const PATIENCE: Patience = { forOthers: 5000, inAll: 10_000 };
