import type { LookerApi } from './lookerApi';
import type { LookerApiOptions } from './lookerApiOptions';

/** The methods of {@link LookerApi}. */
export type Api = Pick<LookerApi, keyof LookerApi>;

/** {@link LookerApi}, with its code loaded at the first request: most windows need it only when a token is due. */
export class LazyLookerApi implements Api {
  private loading: Promise<LookerApi> | undefined;

  constructor(readonly options: LookerApiOptions) {}

  login: Api['login'] = (...how) => this.loaded((api) => api.login(...how));
  loginAs: Api['loginAs'] = (...how) => this.loaded((api) => api.loginAs(...how));
  logout: Api['logout'] = (...how) => this.loaded((api) => api.logout(...how));
  redeemCode: Api['redeemCode'] = (...how) => this.loaded((api) => api.redeemCode(...how));
  refresh: Api['refresh'] = (...how) => this.loaded((api) => api.refresh(...how));
  endLogin: Api['endLogin'] = (...how) => this.loaded((api) => api.endLogin(...how));
  me: Api['me'] = (...how) => this.loaded((api) => api.me(...how));
  session: Api['session'] = (...how) => this.loaded((api) => api.session(...how));
  enterDevMode: Api['enterDevMode'] = (...how) => this.loaded((api) => api.enterDevMode(...how));
  user: Api['user'] = (...how) => this.loaded((api) => api.user(...how));
  searchUsers: Api['searchUsers'] = (...how) => this.loaded((api) => api.searchUsers(...how));
  release: Api['release'] = (...how) => this.loaded((api) => api.release(...how));
  isLooker: Api['isLooker'] = (...how) => this.loaded((api) => api.isLooker(...how));

  private async loaded<T>(work: (api: LookerApi) => Promise<T>): Promise<T> {
    this.loading ??= import('./lookerApi').then(({ LookerApi }) => new LookerApi(this.options));
    return work(await this.loading);
  }
}
