import type { LookerAuthExports, LookerSession } from '../../../packages/looker-auth-api';
import type { ApiKey, StandInLooker } from '../../standIn/standInLooker';

/** As much of VS Code as the client of looker-auth-api asks, with Ada logged in by Looker Auth. */
export class FakeVsCode {
  /** Tokens that were reported as rejected. */
  readonly reported: string[] = [];
  /** Whether Looker Auth runs on another machine. */
  isFarAway = false;
  private session: LookerSession | undefined;

  private readonly apiKey: ApiKey;

  constructor(private readonly looker: StandInLooker) {
    this.apiKey = looker.apiKeyOf('Ada');
  }

  readonly authentication = {
    getSession: async (
      _provider: string,
      _scopes: readonly string[],
      options: { createIfNone?: true } = {},
    ): Promise<LookerSession | undefined> => {
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

  private readonly exports: LookerAuthExports = {
    getApi: () => ({
      version: 1,
      details: () => undefined,
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
