import { globalAgent } from 'node:https';

/** What turns the verification of certificates off in all of the process, as other extensions and users do. */
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
    // A name of another host is no longer an error, then.
    Object.assign(options, { checkServerIdentity: () => undefined });
    return () => {
      globalAgent.options = before;
    };
  },
};

export const UNVERIFIED = Object.keys(TURN_OFF) as readonly Unverified[];

/** Does something while verification is turned off, if it is, and turns it on again. */
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
