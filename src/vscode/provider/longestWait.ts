/** How long anybody is let wait at all: VS Code does one thing with all sessions after the other. */
export const LONGEST_WAIT_MS = 10_000;
