/**
 * The workspace of an API session, and so of one token: `production`, which everyone sees, or `dev`, the user's own
 * branches (Development Mode).
 */
export type Workspace = 'production' | 'dev';

/** All workspaces. Every login to Looker starts in `production`. */
export const WORKSPACES: readonly Workspace[] = ['production', 'dev'];
