import type {
  LookerAuthExports,
  LookerSession,
  LookerWorkspace,
} from '../../../packages/looker-auth-api';
import { Emitter } from '../../../src/base/emitter';
import type { ApiKey, StandInLooker } from '../../standIn/standInLooker';

/** The options of a request for a session. */
interface Options {
  readonly createIfNone?: unknown;
  readonly silent?: boolean;
  readonly account?: { readonly label: string };
}

/** A fake of the parts of VS Code and Looker Auth that the client in looker-auth-api uses. */
export class FakeVsCode {
  /** Tokens that were reported as rejected. */
  readonly reported: string[] = [];
  /** The options of each request for a session. */
  readonly asked: Options[] = [];
  /** Whether Looker Auth runs on another machine. */
  isFarAway = false;
  /** Whether no valid token is available. */
  isOffline = false;
  /** The account that VS Code prefers for the extension. */
  preferred: string | undefined;
  /** Accounts that the user has given the extension access to. */
  readonly allowed = new Set<string>();
  private active = 'Ada Lovelace';
  private readonly sessions = new Map<string, LookerSession>();
  private readonly apiKeys = new Map<string, ApiKey>();

  constructor(private readonly looker: StandInLooker) {}

  private readonly changes = new Emitter<{ provider: { id: string } }>();

  readonly Disposable = class {
    constructor(readonly dispose: () => void) {}
  };

  readonly authentication = {
    onDidChangeSessions: this.changes.event,
    getAccounts: () =>
      Promise.resolve([...this.sessions.keys()].map((label) => ({ id: label, label }))),
    /** Works like `doGetSession` in VS Code's mainThreadAuthentication.ts. */
    getSession: async (
      _provider: string,
      scopes: readonly string[],
      options: Options = {},
    ): Promise<LookerSession | undefined> => {
      this.asked.push(options);
      if (this.isOffline) throw new Error('Could not reach Looker.');
      const { createIfNone, account } = options;
      const label = account?.label ?? this.active;
      const session = this.sessions.get(label);
      const isPreferred = account !== undefined || this.preferred === label;
      const isAllowed = session !== undefined && this.allowed.has(label);
      const given = createIfNone ? isAllowed && isPreferred : isAllowed;
      if (session && given) return withScopes(session, scopes);
      if (!createIfNone) return undefined;
      if (!session) await this.renew(label);
      this.allow(label);
      return this.authentication.getSession('looker', scopes, { account: { label } });
    },
  };

  readonly extensions = {
    getExtension: () =>
      this.isFarAway ? undefined : { activate: () => Promise.resolve(this.exports) },
  };

  /** Gives an account a new token, and logs it in if it isn't logged in. */
  async renew(name = 'Ada Lovelace'): Promise<void> {
    const { clientId, clientSecret } = this.apiKeys.get(name) ?? this.looker.apiKeyOf(name);
    this.apiKeys.set(name, { clientId, clientSecret });
    const reply = await fetch(`${this.looker.baseUrl}/api/4.0/login`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret }),
    });
    if (!reply.ok) throw new Error('Looker rejected this API key.');
    const { access_token: accessToken } = (await reply.json()) as { access_token: string };
    const userId = String(this.looker.person(name).id);
    this.sessions.set(name, {
      id: userId,
      accessToken,
      account: { id: userId, label: name },
      scopes: [],
      expiresAt: Date.now() + 3_600_000,
      looker: {
        baseUrl: this.looker.baseUrl,
        apiVersion: '4.0',
        userId,
        workspace: 'production',
      },
    });
  }

  /** The user gives the extension access to an account, which VS Code then prefers. */
  allow(name: string): void {
    this.allowed.add(name);
    this.preferred = name;
  }

  /** The user makes an account the active one. */
  activate(name: string): void {
    this.active = name;
    this.announce();
  }

  logout(name = 'Ada Lovelace'): void {
    this.sessions.delete(name);
  }

  /** Announces that a provider's sessions have changed. */
  announce(id = 'looker'): void {
    this.changes.fire({ provider: { id } });
  }

  private readonly exports: LookerAuthExports = {
    getApi: () => ({
      version: 1,
      details: ({ accessToken }) => {
        const session = [...this.sessions.values()].find(
          (each) => each.accessToken === accessToken,
        );
        if (!session) return undefined;
        const { account, expiresAt, looker } = session;
        const { baseUrl, apiVersion, workspace } = looker;
        const apiUrl = `${baseUrl}/api/4.0`;
        const user = { id: account.id, name: account.label };
        return { baseUrl, apiVersion, apiUrl, user, workspace, expiresAt };
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

function withScopes(session: LookerSession, scopes: readonly string[]): LookerSession {
  const workspace: LookerWorkspace = scopes.includes('workspace:dev') ? 'dev' : 'production';
  return { ...session, scopes, looker: { ...session.looker, workspace } };
}
