import * as l10n from '@vscode/l10n';
import type { AuthenticationSessionAccountInformation } from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { needsLogin } from '../../accounts/errors';
import { ExpectedError } from '../../looker/errors/expectedError';
import { isSameInstance } from '../../looker/instance/host';
import { accountsFor, satisfies } from './accountsFor';
import { LoginRequests, type LoginPrompt } from './loginRequests';
import { parseScopes } from './parseScopes';
import { scopesOf, type Wanted } from './scopes';

/** The user has logged in, but as somebody for whom the scopes asked for do not hold. */
export class OtherAccountError extends ExpectedError {
  override readonly name = 'OtherAccountError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  /** @param asked the account asked for, if one was */
  constructor({ label }: Account, scopes: readonly string[], asked?: Account) {
    const wanted = [...(asked ? [asked.label] : []), ...scopes];
    super(l10n.t('{0} is not what was asked for: {1}.', label, wanted.join(' ')));
  }
}

/** What extensions ask for, and the login of whoever they ask for. Loaded with the first that asks. */
export class RequestedSessions {
  private readonly requests: LoginRequests;

  constructor(
    private readonly accounts: Accounts,
    prompt: LoginPrompt,
  ) {
    this.requests = new LoginRequests(accounts, prompt);
  }

  /** What scopes ask for. @throws UnknownScopeError */
  parse(scopes: readonly string[]): Wanted {
    return parseScopes(scopes);
  }

  /**
   * What to ask the user for: the account, where there is one asked for; else an instance by the URL by which it is known
   * here.
   * @throws UnknownScopeError; OtherAccountError where the scopes do not hold for the account
   */
  wantedOf(scopes: readonly string[], asked?: AuthenticationSessionAccountInformation): Wanted {
    const { accounts } = this;
    const account = asked && this.accountOf(asked);
    const wanted = parseScopes(scopes);
    if (account) {
      if (!satisfies(account, wanted)) throw new OtherAccountError(account, scopes);
      return { ...parseScopes(scopesOf(account, wanted.workspace)), account };
    }
    const { baseUrl } = wanted;
    if (baseUrl === undefined) return wanted;
    const known = [...accounts.list, ...this.remembered].map((each) => each.baseUrl);
    if (known.includes(baseUrl)) return wanted;
    return { ...wanted, baseUrl: known.find((each) => isSameInstance(each, baseUrl)) ?? baseUrl };
  }

  /**
   * The account that is wanted, once its user has logged in. One that needs no login was chosen from VS Code's list of
   * all accounts: it becomes the active one, since whoever names no account gets that one and no other.
   * @throws CancelledError; NoAnswerError; OtherAccountError where the user logs in as somebody else
   */
  async accountFor(wanted: Wanted, scopes: readonly string[]): Promise<Account> {
    const { account } = wanted;
    const chosen = account && (await this.switchTo(account, scopes));
    const loggedIn = chosen ?? (await this.requests.ask(wanted));
    // VS Code would ask for the log-in again, and again, where it is another account's.
    if (!satisfies(loggedIn, wanted)) throw new OtherAccountError(loggedIn, scopes, account);
    return loggedIn;
  }

  /**
   * Makes an account the active one that is good, but is not among those that the scopes alone give.
   * @returns undefined where its user has to log in first
   * @throws the reason where there is no good token to be had for now
   */
  private async switchTo(
    account: Account,
    scopes: readonly string[],
  ): Promise<Account | undefined> {
    const { accounts } = this;
    const { id } = account;
    if (accountsFor(accounts, parseScopes(scopes)).some((given) => given.id === id)) {
      return undefined;
    }
    try {
      await accounts.session(id);
    } catch (error) {
      if (needsLogin(error)) return undefined;
      throw error;
    }
    await accounts.activate(id);
    return account;
  }

  private get remembered(): readonly Account[] {
    return this.accounts.known.map(({ account }) => account);
  }

  /**
   * The account that VS Code names, logged in or remembered. VS Code tells accounts apart by their labels, and takes no
   * other one for the one asked for.
   */
  private accountOf({ id, label }: AuthenticationSessionAccountInformation): Account | undefined {
    const { accounts } = this;
    return (
      [...accounts.list, ...this.remembered].find((account) => account.label === label) ??
      accounts.peek(id)?.account ??
      accounts.whoWas(id)
    );
  }
}
