import { Broker, type BrokerParts } from '../../src/broker/broker';
import type { Lease, Minting } from '../../src/broker/minting';
import { Clock, ServerClock } from '../../src/looker/clock';
import type { Token } from '../../src/looker/api/token';
import type { Trust } from '../../src/looker/tls/privateTls';
import type { StandInLooker } from '../standIn/standInLooker';
import { lookerApi } from './lookerApi';
import { fetchFor, streamFor } from './nodeFetch';

/** The account of a broker. */
export interface Who {
  /** Name of the user with an API key. */
  readonly name: string;
  /** ID of the user they act as, if any. */
  readonly sudo?: string;
  /** Whether there is only the account's token, and no key. */
  readonly isTokenOnly?: boolean;
  /** How to verify the instance's certificate, if not by the system's. */
  readonly trust?: Trust;
  /** Epoch ms, for the tokens and the broker. */
  readonly now?: () => number;
}

/** A broker for a user of the stand-in. */
export interface OpenBroker {
  readonly broker: Broker;
  readonly url: string;
  /** Lines of the broker's log. */
  readonly log: readonly string[];
  /** The token of the account itself. */
  readonly accountToken: string;
}

/** Opens one. */
export async function openBroker(
  looker: StandInLooker,
  who: Who = { name: 'Ada' },
  parts: Partial<BrokerParts> = {},
): Promise<OpenBroker> {
  const { now = Date.now } = who;
  const minting = parts.minting ?? (await mintingOf(looker, who));
  const log: string[] = [];
  const note = (line: string) => void log.push(line);
  const broker = await Broker.open({
    instance: {
      baseUrl: looker.baseUrl,
      plainHttp: false,
      fetch: streamFor(looker.baseUrl, who.trust),
    },
    minting,
    log: { info: note, warn: note },
    apiVersion: '4.0',
    steady: now,
    ...parts,
  });
  const accountToken = (await minting.shared()).token;
  return { broker, url: `http://127.0.0.1:${broker.address.port}`, log, accountToken };
}

/** Mints tokens like the extension does, but without accounts. */
export async function mintingOf(
  looker: StandInLooker,
  { name, sudo, trust, isTokenOnly = false, now = Date.now }: Who,
): Promise<Minting> {
  const clock = new Clock(now, now);
  const api = lookerApi(looker.baseUrl, {
    fetch: fetchFor(looker.baseUrl, trust),
    clock,
    serverClock: new ServerClock(clock),
  });
  const key = looker.apiKeyOf(name);
  const leaseOf = ({ value, expiresAt }: Token): Lease => ({
    token: value,
    timeLeft: () => expiresAt - now(),
  });
  const logIn = async () => {
    const own = await api.login(key);
    if (sudo === undefined) return own;
    const token = await api.loginAs(sudo, own.value);
    await api.logout(own.value);
    return token;
  };
  let shared = await logIn();
  return {
    mint: async (workspace) => {
      if (isTokenOnly) return undefined;
      const token = await logIn();
      if (workspace === 'dev') await api.enterDevMode(token.value);
      return leaseOf(token);
    },
    shared: () => Promise.resolve(leaseOf(shared)),
    rejected: async () => {
      shared = await logIn();
    },
    revoke: (token) => api.logout(token).catch(() => undefined),
  };
}

/** Logs in to a broker like a program does. @returns the broker token */
export async function logInAt({ broker, url }: OpenBroker): Promise<string> {
  const { clientId, clientSecret } = broker.address;
  const response = await fetch(`${url}/api/4.0/login`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}

/** Sends a request to a broker with one of its tokens. */
export function askAt(
  { url }: OpenBroker,
  token: string,
  path = '/api/4.0/user',
  init: RequestInit = {},
): Promise<Response> {
  const headers = { Authorization: `token ${token}`, ...(init.headers as Record<string, string>) };
  return fetch(url + path, { ...init, headers });
}
