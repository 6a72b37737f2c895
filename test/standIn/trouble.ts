import type { FaultKind } from './faults';
import type { StandInLooker } from './standInLooker';

interface Trouble {
  /** The argument of the command, for people to read. */
  readonly takes?: string;
  readonly what: string;
  readonly make: (looker: StandInLooker, argument: string) => void;
}

/** The faults that commands can cause. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  revoke: {
    what: 'Revokes all tokens: the next request gets a 401',
    make: (looker) => {
      looker.revokeTokens();
    },
  },
  refuse: {
    takes: '<name>',
    what: "Rejects this user's API key from now on, so no token is renewed",
    make: (looker, name) => {
      looker.revokeApiKey(looker.apiKeyOf(name).clientId);
    },
  },
  fail: {
    takes: '<status>',
    what: 'Responds to every request with this status',
    make: (looker, status) => {
      const message = 'The stand-in Looker was told to fail.';
      only(looker, { is: 'refusal', status: parseNumber(status), message });
    },
  },
  busy: {
    takes: '<s>',
    what: 'Responds to every request with 429, and asks to retry after this many seconds',
    make: (looker, seconds) => {
      only(looker, { is: 'rateLimited', retryAfter: String(parseNumber(seconds)) });
    },
  },
  slow: {
    takes: '<ms>',
    what: 'Delays every response',
    make: (looker, ms) => {
      only(looker, { is: 'slow', ms: parseNumber(ms) });
    },
  },
  away: {
    what: 'Closes every connection without a response',
    make: (looker) => {
      only(looker, { is: 'reset' });
    },
  },
  well: {
    what: 'Stops all of this, but what was revoked or refused stays so',
    make: (looker) => {
      looker.clearFaults();
    },
  },
};

/** The commands, one line each. */
export const TROUBLE = Object.entries(TROUBLES)
  .map(([name, { takes = '', what }]) => `  ${`${name} ${takes}`.padEnd(15)} ${what}`)
  .join('\n');

/**
 * Runs a command such as `fail 503`.
 * @returns the fault it has caused, or what is wrong with the command
 */
export function makeTrouble(looker: StandInLooker, command: string): string {
  const [name = '', ...rest] = command.trim().split(/\s+/);
  const trouble = Object.hasOwn(TROUBLES, name) ? TROUBLES[name] : undefined;
  if (!trouble || rest.length > 0 !== (trouble.takes !== undefined)) return TROUBLE;
  try {
    trouble.make(looker, rest.join(' '));
  } catch (error) {
    return String(error);
  }
  return `${command.trim()}: ${trouble.what}`;
}

/** Replaces the previous fault, so that there is only one at a time. */
function only(looker: StandInLooker, kind: FaultKind): void {
  looker.clearFaults();
  looker.fault({ kind });
}

function parseNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`That takes a whole number, not ${text}.`);
  return Number(text);
}
