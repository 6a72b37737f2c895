import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { API_VERSIONS, type ApiVersion } from './apiVersion';
import { lookerApp } from './app';
import { CAST } from './cast';
import { selfSignedCertificate, type Certificate } from './certificate';
import { type Fault, Faults } from './faults';
import type { Instance } from './instance';
import { LoginRate } from './loginRate';
import { OAuth, type OAuthBehavior, type RegisteredClient } from './oauth';
import { type ApiKey, type NewPerson, People, type Person, type Role } from './people';
import type { RecordedRequest } from './requestLog';
import { type IssuedToken, Tokens } from './tokens';

export type { ApiVersion } from './apiVersion';
export type { Certificate } from './certificate';
export type { Fault, FaultKind } from './faults';
export type { OAuthBehavior, RegisteredClient } from './oauth';
export type { ApiKey, NewPerson, Person, Role } from './people';
export type { RecordedRequest } from './requestLog';
export type { IssuedToken } from './tokens';

export interface StandInOptions {
  /** 0, the default, uses any free port. */
  readonly port?: number;
  /** With a self-signed certificate for localhost, 127.0.0.1 and ::1. */
  readonly https?: boolean;
  /** Serves HTTPS with this certificate. */
  readonly certificate?: Certificate;
  /** Seconds; 3600 by default. */
  readonly tokenLife?: number;
  /** '26.12.3' by default. From 26.8 on API 4.0 ignores `associative`. */
  readonly release?: string;
  /** All three by default; the others respond like any unknown path. */
  readonly apiVersions?: readonly ApiVersion[];
  /** Allows sudo only for a service account with the admin role, and only as embed users. */
  readonly googleCloudCore?: boolean;
  /** Epoch milliseconds. Tokens expire by this clock and responses are dated by it. */
  readonly now?: () => number;
  /** After this many logins, including sudo, the response is 429; no limit by default. */
  readonly maxLoginsPerMinute?: number;
  /** Differences from the defaults in `oauth.ts`; each can also be switched later. */
  readonly oauth?: Partial<OAuthBehavior>;
  /** Its users; those in `cast.ts` by default. */
  readonly people?: readonly NewPerson[];
}

/**
 * Ports of all instances so far: a URL that Looker Auth remembers never means another instance. Processes that test one
 * VS Code after the other share them in a file.
 */
const usedPorts = new Set<number>();
const PORTS_FILE = process.env['LOOKER_STAND_IN_PORTS'];

/** @returns the port that it listens at: `at`, or one that no instance has had before */
async function listen(server: Server, at: number | undefined): Promise<number> {
  server.listen(at ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  if (at === undefined && isUsed(port)) {
    server.close();
    await once(server, 'close');
    return listen(server, at);
  }
  usedPorts.add(port);
  if (PORTS_FILE) appendFileSync(PORTS_FILE, `${port}\n`);
  return port;
}

function isUsed(port: number): boolean {
  if (!PORTS_FILE || !existsSync(PORTS_FILE)) return usedPorts.has(port);
  return readFileSync(PORTS_FILE, 'utf8').split('\n').includes(`${port}`);
}

/**
 * A Looker to test against: the login part of its API over real HTTP(S) on loopback, with users, API keys, tokens that
 * expire, and faults on demand. Users are named by display name, first name or e-mail.
 */
export class StandInLooker {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly instance: Instance,
    private readonly server: Server,
    /** Without a slash at the end, e.g. `http://127.0.0.1:40123`. */
    readonly baseUrl: string,
    /** PEM, if it serves HTTPS. */
    readonly certificate: string | undefined,
  ) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** Resolves once it listens. */
  static async start(options: StandInOptions = {}): Promise<StandInLooker> {
    const instance = open(options);
    const app = lookerApp(instance);
    const tls = options.certificate ?? (options.https ? await selfSignedCertificate() : undefined);
    const server = tls ? createTlsServer(tls, app) : createServer(app);
    const port = await listen(server, options.port);
    const baseUrl = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
    return new StandInLooker(instance, server, baseUrl, tls?.cert);
  }

  /** Uses this certificate from the next connection on, if it serves HTTPS. */
  changeCertificate(certificate: Certificate): void {
    if ('setSecureContext' in this.server) (this.server as TlsServer).setSecureContext(certificate);
  }

  /** Every request so far, in order of arrival. */
  get requests(): readonly RecordedRequest[] {
    return this.instance.requests;
  }

  get people(): readonly Person[] {
    return this.instance.people.all;
  }

  /** The first user with that name; throws if there is none. */
  person(name: string): Person {
    return this.instance.people.named(name);
  }

  addPerson(person: NewPerson): Person {
    return this.instance.people.add(person);
  }

  /** Throws if they have none. */
  apiKeyOf(name: string): ApiKey {
    const { apiKey, displayName } = this.person(name);
    if (!apiKey) throw new Error(`${displayName} has no API key.`);
    return apiKey;
  }

  /** Tokens that are neither revoked nor expired, the oldest first. */
  liveTokens(): readonly IssuedToken[] {
    return this.instance.tokens.live();
  }

  revokeToken(value: string): void {
    this.instance.tokens.revoke(value);
  }

  revokeTokens(): void {
    this.instance.tokens.revokeAll();
  }

  /** Tokens that were issued for it stay valid. */
  revokeApiKey(clientId: string): void {
    const person = this.instance.people.withClientId(clientId);
    if (!person) throw new Error(`There is no API key ${clientId}.`);
    this.instance.people.change(person, { apiKey: undefined });
  }

  /** Also revokes their tokens. */
  disable(name: string): void {
    const person = this.person(name);
    this.instance.people.change(person, { isDisabled: true });
    this.instance.tokens.revokeOf(String(person.id));
  }

  enable(name: string): void {
    this.instance.people.change(this.person(name), { isDisabled: false });
  }

  /** Takes effect at once, also for existing tokens. */
  setRoles(name: string, roles: readonly Role[]): void {
    this.instance.people.change(this.person(name), { roles });
  }

  /** Also revokes their tokens. */
  removePerson(name: string): void {
    const person = this.person(name);
    this.instance.people.remove(person);
    this.instance.tokens.revokeOf(String(person.id));
  }

  /** The behavior of its OAuth, which can be changed at any time. */
  get oauth(): OAuthBehavior {
    return this.instance.oauth.behavior;
  }

  /** OAuth clients, by their IDs. */
  get clients(): ReadonlyMap<string, RegisteredClient> {
    return this.instance.oauth.clients;
  }

  /** Registers a client like an admin does, for all users unless a group is named. This also turns OAuth on. */
  registerClient(
    clientId: string,
    redirectUris: readonly string[],
    groupId: string | null = null,
  ): void {
    const displayName = 'Looker Auth for VS Code';
    const description = 'Lets VS Code use Looker as you.';
    const client = { clientId, redirectUris, displayName, description, isEnabled: true, groupId };
    this.instance.oauth.clients.set(clientId, client);
    this.oauth.isThere = true;
  }

  /** From now on, logins and refreshes with this client fail. */
  disableClient(clientId: string): void {
    const client = this.instance.oauth.clients.get(clientId);
    if (!client) throw new Error(`There is no client ${clientId}.`);
    this.instance.oauth.clients.set(clientId, { ...client, isEnabled: false });
  }

  /** From now on, it doesn't know this client. */
  removeClient(clientId: string): void {
    this.instance.oauth.clients.delete(clientId);
  }

  /** Sets the members of a group. */
  setGroup(groupId: string, names: readonly string[]): void {
    const ids = names.map((name) => String(this.person(name).id));
    this.instance.oauth.groups.set(groupId, new Set(ids));
  }

  /** Valid refresh tokens, and their users. */
  liveRefreshTokens(): readonly { readonly userId: string; readonly value: string }[] {
    return this.instance.oauth.liveRefreshTokens();
  }

  /** Revokes all refresh tokens, as after a month. */
  endRefreshTokens(): void {
    this.instance.oauth.endAll();
  }

  /** From now on, its pages ask every user again whether a client may use Looker as them. */
  forgetConsents(): void {
    this.instance.oauth.forgetConsents();
  }

  /** For tokens issued from now on. */
  setTokenLife(seconds: number): void {
    this.instance.tokens.life = seconds;
  }

  /** @returns a function that removes the fault again */
  fault(fault: Fault): () => void {
    return this.instance.faults.install(fault);
  }

  clearFaults(): void {
    this.instance.faults.clear();
  }

  /** Resolves once the port is free; open connections are closed. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

function open(options: StandInOptions): Instance {
  const { now = Date.now, apiVersions = API_VERSIONS } = options;
  const tokens = new Tokens(options.tokenLife ?? 3600, now);
  return {
    release: options.release ?? '26.12.3',
    apiVersions: API_VERSIONS.filter((version) => apiVersions.includes(version)),
    googleCloudCore: options.googleCloudCore ?? false,
    people: new People(options.people ?? CAST),
    tokens,
    oauth: new OAuth(options.oauth ?? {}, tokens, now),
    loginRate: new LoginRate(options.maxLoginsPerMinute ?? Infinity, now),
    faults: new Faults(),
    requests: [],
    now,
  };
}
