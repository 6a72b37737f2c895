import { globalAgent } from 'node:https';

/** Ways to turn off certificate verification for the whole process, as other extensions and users do. */
export type Unverified = keyof typeof TURN_OFF;

const TURN_OFF = {
  'NODE_TLS_REJECT_UNAUTHORIZED is 0': () => {
    const { NODE_TLS_REJECT_UNAUTHORIZED: before } = process.env;
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    return () => {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      Object.assign(process.env, before !== undefined && { NODE_TLS_REJECT_UNAUTHORIZED: before });
    };
  },
  'the global agent verifies nothing': () => {
    const { options } = globalAgent;
    const before = { ...options };
    options.rejectUnauthorized = false;
    // Another host's name is then no longer an error.
    Object.assign(options, { checkServerIdentity: () => undefined });
    return () => {
      globalAgent.options = before;
    };
  },
};

export const UNVERIFIED = Object.keys(TURN_OFF) as readonly Unverified[];

/** Runs work while verification is turned off, if at all, and turns it on again. */
export async function unverified<T>(
  how: Unverified | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const turnOn = how && TURN_OFF[how]();
  try {
    return await work();
  } finally {
    turnOn?.();
  }
}
