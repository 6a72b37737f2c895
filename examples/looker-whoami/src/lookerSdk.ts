import { Looker40SDK } from '@looker/sdk';
import {
  ApiSettings,
  AuthSession,
  BrowserTransport,
  type IAccessToken,
  type IRawRequest,
  type IRawResponse,
  type IRequestProps,
} from '@looker/sdk-rtl';
import { currentSession, type LookerSession, replaceRejected } from 'looker-auth-api';

/** Looker's official SDK with a session of Looker Auth. It never sees an API key. */
export function lookerSdk(session: LookerSession): Looker40SDK {
  return new Looker40SDK(new Session(session));
}

/** Gives each request a valid token. The user logs in and out in Looker Auth. */
class Session extends AuthSession {
  constructor(private readonly session: LookerSession) {
    const settings = new ApiSettings({ base_url: session.looker.baseUrl });
    super(settings, new Transport(settings, session));
  }

  isAuthenticated(): boolean {
    return true;
  }

  async getToken(): Promise<IAccessToken> {
    const { accessToken } = await currentSession(this.session);
    return { access_token: accessToken, token_type: 'token' };
  }

  async authenticate(props: IRequestProps): Promise<IRequestProps> {
    return withTokenOf(await currentSession(this.session))(props);
  }
}

/** Replaces a token that Looker rejects, and sends the request once more. */
class Transport extends BrowserTransport {
  constructor(
    settings: ApiSettings,
    private readonly session: LookerSession,
  ) {
    super(settings);
  }

  override async retry(request: IRawRequest): Promise<IRawResponse> {
    const session = await currentSession(this.session);
    const response = await this.send(request, session);
    if (response.statusCode !== 401) return response;
    return this.send(request, await replaceRejected(session));
  }

  private async send(request: IRawRequest, session: LookerSession): Promise<IRawResponse> {
    try {
      return await super.retry({ ...request, authenticator: withTokenOf(session) });
    } catch (error) {
      const sentence = `Could not reach ${session.looker.baseUrl}. Check your network and VPN.`;
      throw new Error(sentence, { cause: error });
    }
  }
}

function withTokenOf({ accessToken }: LookerSession) {
  return (props: IRequestProps): IRequestProps => ({
    ...props,
    // A redirect must not take the token or the body to another host.
    redirect: 'manual',
    headers: { ...props.headers, Authorization: `token ${accessToken}` },
  });
}
