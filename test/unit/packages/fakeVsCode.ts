import type { LookerAuthExports, LookerSession } from '../../../packages/looker-auth-api';
import { Emitter } from '../../../src/accounts/emitter';
import type { ApiKey, StandInLooker } from '../../standIn/standInLooker';

/** As much of VS Code as the client of looker-auth-api asks, with Ada logged in by Looker Auth. */
export class FakeVsCode {
  /** Tokens that were reported as rejected. */
  readonly reported: string[] = [];
  /** Whether Looker Auth runs on another machine. */
  isFarAway = false;
  /** Whether there is no good token to be had. */
  isOffline = false;
  private session: LookerSession | undefined;

  private readonly apiKey: ApiKey;

  constructor(private readonly looker: StandInLooker) {
    this.apiKey = looker.apiKeyOf('Ada');
  }

  private readonly changes = new Emitter<{ provider: { id: string } }>();

  readonly Disposable = class {
    constructor(readonly dispose: () => void) {}
  };

  readonly authentication = {
    onDidChangeSessions: this.changes.event,
    getSession: async (
      _provider: string,
      _scopes: readonly string[],
      options: { createIfNone?: true } = {},
    ): Promise<LookerSession | undefined> => {
      if (this.isOffline) throw new Error('Could not reach Looker.');
      if (!this.session && options.createIfNone) await this.renew();
      return this.session;
    },
  };

  readonly extensions = {
    getExtension: () =>
      this.isFarAway ? undefined : { activate: () => Promise.resolve(this.exports) },
  };

  /** Gives the session a new token. */
  async renew(): Promise<void> {
    const { clientId, clientSecret } = this.apiKey;
    const reply = await fetch(`${this.looker.baseUrl}/api/4.0/login`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret }),
    });
    if (!reply.ok) throw new Error('Looker rejected this API key.');
    const { access_token: accessToken } = (await reply.json()) as { access_token: string };
    this.session = {
      id: 'ada',
      accessToken,
      account: { id: 'ada', label: 'Ada Lovelace' },
      scopes: [],
      expiresAt: Date.now() + 3_600_000,
      looker: { baseUrl: this.looker.baseUrl, apiVersion: '4.0', userId: '1' },
    };
  }

  logout(): void {
    this.session = undefined;
  }

  /** Says that sessions of a provider changed. */
  announce(id = 'looker'): void {
    this.changes.fire({ provider: { id } });
  }

  private readonly exports: LookerAuthExports = {
    getApi: () => ({
      version: 1,
      details: ({ accessToken }) => {
        if (accessToken !== this.session?.accessToken) return undefined;
        const baseUrl = this.looker.baseUrl;
        const user = { id: '1', name: 'Ada Lovelace' };
        const apiUrl = `${baseUrl}/api/4.0`;
        return { baseUrl, apiVersion: '4.0', apiUrl, user, expiresAt: this.session.expiresAt };
      },
      reportRejected: async ({ accessToken }) => {
        this.reported.push(accessToken);
        await this.renew();
      },
      onDidChangeSession: () => {
        throw new Error('The client does not listen.');
      },
    }),
  };
}
