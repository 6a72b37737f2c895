/**
 * What an API session works in, and so one token: `production`, which everybody sees, or `dev`, the user's own branches
 * (Development Mode).
 */
export type Workspace = 'production' | 'dev';

/** All of them. Each login of Looker begins in `production`. */
export const WORKSPACES: readonly Workspace[] = ['production', 'dev'];
