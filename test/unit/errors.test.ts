// Every error that users read, in one table: its category, its recovery, its sentence, and its verdict in the
// connection check.
import assert from 'node:assert/strict';
import ts from 'typescript';
import {
  ApiElsewhereError,
  InterceptedError,
  NotLookerApiError,
  RedirectedError,
} from '../../src/looker/errors/notLooker';
import {
  ApiKeyRefusedError,
  DevModeRefusedError,
  DisabledUserError,
  RefusedError,
  SudoMismatchError,
  SudoRefusedError,
  TokenRejectedError,
  UnknownUserError,
} from '../../src/looker/errors/refusal';
import {
  CaFileError,
  PlainHttpError,
  WeakerProtectionError,
} from '../../src/looker/errors/protection';
import { ChangedCertificateError, UntrustedCertificateError } from '../../src/looker/errors/tls';
import {
  CodeMissingError,
  ExpiredOnArrivalError,
  LoggedOutError,
  LoginNeededError,
  NewerAccountError,
  RefusedBeforeError,
  SecretStorageError,
  UnknownTrustError,
  UnreadableAccountError,
} from '../../src/accounts/errors';
import { UnknownAgreementError } from '../../src/accounts/trust/unknownAgreementError';
import { TokenAcceptedError } from '../../src/accounts/renewal/serverChecks';
import { NotActingError, NotLoggedInError } from '../../src/vscode/account/errors';
import {
  IniFileError,
  InvalidAnswerError,
  InvalidInstanceError,
} from '../../src/looker/errors/input';
import { IniTooLargeError } from '../../src/looker/apiKeys/lookerIni';
import { OddFileNameError, OddGitignoreError } from '../../src/vscode/import/gitIgnore';
import { OtherAccountError } from '../../src/vscode/provider/requestedSessions';
import { UnknownScopeError } from '../../src/vscode/provider/parseScopes';
import { ProxyError, TimeoutError, UnreachableError } from '../../src/looker/errors/network';
import {
  RateLimitedError,
  ResponseTooLargeError,
  ServerError,
  UnexpectedResponseError,
} from '../../src/looker/errors/response';
import {
  BrowserLoginNotSetUpError,
  BrowserLoginUnsupportedError,
  BrowserLoginDeniedError,
  BrowserLoginForbiddenError,
  BrowserLoginFailedError,
  NoRedirectError,
  ForeignRedirectError,
  CodeRejectedError,
  BrowserLoginEndedError,
  MetadataElsewhereError,
  BrowserLoginTimeoutError,
  OtherUserError,
  RefreshTokenSurvivesError,
  BrowserSudoRefusedError,
} from '../../src/looker/oauth/errors';
import {
  ClientAppsForbiddenError,
  ClientAppRefusedError,
  RevokeEverywhereRefusedError,
} from '../../src/looker/oauth/clientAppErrors';
import { UnsavedRenewalError } from '../../src/accounts/browserLogin/errors';
import type { Category, ExpectedError, Recovery } from '../../src/looker/errors/expectedError';
import { ADA } from '../support/accountStatus';
import { Source } from '../support/source';

const URL_OF = 'https://acme.example:19999';
const { account } = ADA;

/** Marks errors whose sentence is also the verdict. */
const ITSELF = undefined;

const ERRORS: readonly [
  error: ExpectedError,
  category: Category,
  recovery: Recovery,
  sentence: string,
  verdict: string | undefined,
][] = [
  [
    new InvalidInstanceError('There is no host.'),
    'input',
    'showLog',
    'There is no host.',
    "This isn't the URL of a Looker instance.",
  ],
  [new InvalidAnswerError('Enter a client ID.'), 'input', 'showLog', 'Enter a client ID.', ITSELF],
  [
    new IniFileError('looker.ini is no longer there.'),
    'input',
    'showLog',
    'looker.ini is no longer there.',
    ITSELF,
  ],
  [
    new IniTooLargeError(),
    'input',
    'showLog',
    'This file is too large for a looker.ini file. Choose another file.',
    ITSELF,
  ],
  [
    new UnreachableError(URL_OF, 'ENOTFOUND'),
    'transient',
    'checkConnection',
    "Couldn't reach acme.example:19999 (host not found). Check the URL, your network, or your VPN.",
    "This machine can't resolve the name acme.example. Check your VPN or DNS.",
  ],
  [
    new TimeoutError(URL_OF, 30_000),
    'transient',
    'checkConnection',
    'acme.example:19999 didn\'t respond within 30 seconds. Check your network or VPN, or increase the setting "lookerAuth.timeout".',
    "acme.example:19999 doesn't respond. Check your VPN, or whether a firewall blocks the connection.",
  ],
  [
    new ProxyError(URL_OF, 407),
    'transient',
    'checkConnection',
    'The proxy for acme.example:19999 requires authentication. Check the proxy settings in VS Code.',
    'The proxy for acme.example:19999 requires authentication.',
  ],
  [
    new UntrustedCertificateError(URL_OF, 'CERT_HAS_EXPIRED'),
    'intercepted',
    'showCertificate',
    "The certificate of acme.example:19999 has expired. Check this machine's clock, or ask your Looker admin to replace the certificate.",
    "The certificate of acme.example:19999 has expired, or this machine's clock is wrong.",
  ],
  [
    new ChangedCertificateError(URL_OF, 'AA:AA', 'BB:BB'),
    'intercepted',
    'showLog',
    'The certificate of acme.example:19999 changed, so nothing was sent: someone may be intercepting the connection. If your Looker admin confirms the change, run "Looker: Forget Trusted Certificate…" and log in again.',
    "The certificate of acme.example:19999 isn't the one you trusted. Ask your Looker admin.",
  ],
  [
    new CaFileError(URL_OF, 'There is no file.'),
    'setup',
    'showLog',
    'Looker Auth sent nothing to acme.example:19999: check its "caFile" in the setting "lookerAuth.instances". There is no file.',
    ITSELF,
  ],
  [
    new PlainHttpError('http://acme.example'),
    'setup',
    'showLog',
    'acme.example uses plain HTTP, so others on the network could read your API key or tokens. Use HTTPS, or allow HTTP for this instance with "plainHttp" in the setting "lookerAuth.instances".',
    "acme.example uses plain HTTP, which isn't allowed. Use HTTPS.",
  ],
  [
    new WeakerProtectionError(URL_OF, []),
    'intercepted',
    'reviewExceptions',
    'Your settings protect acme.example:19999 less than you agreed to, so Looker Auth sent nothing. Review them to continue.',
    ITSELF,
  ],
  [
    new UnknownAgreementError(URL_OF, new Error('The keyring is locked.')),
    'setup',
    'showLog',
    "Looker Auth couldn't read what you've agreed to for acme.example:19999 (The keyring is locked), so nothing was sent. Unlock your keyring, then try again.",
    ITSELF,
  ],
  [
    new UnknownTrustError(URL_OF, new Error('The keyring is locked.')),
    'setup',
    'showLog',
    "Looker Auth couldn't read which certificate you trust for acme.example:19999 (The keyring is locked), so nothing was sent. Unlock your keyring, then try again.",
    ITSELF,
  ],
  [
    new RedirectedError(URL_OF, 302, 'https://sso.example'),
    'intercepted',
    'openInstance',
    'acme.example:19999 redirects to https://sso.example, perhaps for single sign-on, so Looker Auth sent nothing there. Check the URL, or ask your Looker admin to let API requests through.',
    ITSELF,
  ],
  [
    new NotLookerApiError(URL_OF, 200),
    'intercepted',
    'openInstance',
    "acme.example:19999 responds, but not with Looker's API. Check the URL and port; older instances use port 19999.",
    "acme.example:19999 responds, but not with Looker's API.",
  ],
  [
    new InterceptedError(URL_OF, 403, 'firewall'),
    'intercepted',
    'openInstance',
    'A firewall or gateway blocked the request to acme.example:19999 before it reached Looker. Check your network or VPN, or ask your Looker admin.',
    ITSELF,
  ],
  [
    new ApiElsewhereError(URL_OF, 'https://acme.example'),
    'setup',
    'useOtherUrl',
    "acme.example:19999 doesn't respond with Looker's API, but port 443 on that host responds.",
    ITSELF,
  ],
  [
    new UnexpectedResponseError(URL_OF, 200, 'id'),
    'transient',
    'showLog',
    'acme.example:19999 sent an unexpected response (no valid id). Check the URL, or open the log.',
    "acme.example:19999 responds, but not with Looker's API.",
  ],
  [
    new ResponseTooLargeError(URL_OF, 2 * 1024 * 1024),
    'transient',
    'showLog',
    'acme.example:19999 sent a response larger than 2 MB, too large for a Looker login. Check the URL.',
    ITSELF,
  ],
  [
    new RateLimitedError(URL_OF, 429, 5000),
    'transient',
    'showLog',
    'acme.example:19999 is rate-limiting requests. Try again in 5 seconds.',
    'acme.example:19999 is rate-limiting requests.',
  ],
  [
    new ServerError(URL_OF, 500),
    'transient',
    'showLog',
    'acme.example:19999 responded with an error. Try again later.',
    'acme.example:19999 is reachable, but responds with an error.',
  ],
  [
    new ApiKeyRefusedError(URL_OF, 404),
    'refused',
    'logIn',
    "acme.example:19999 rejected this API key. Check the client ID and client secret, and that the user isn't disabled.",
    'Looker rejected the API key. It was deleted, or its user is disabled.',
  ],
  [
    new TokenRejectedError(URL_OF, 401),
    'refused',
    'logIn',
    'acme.example:19999 no longer accepts this token. Renew it, or log in again.',
    'Looker no longer accepts the token. Log in again.',
  ],
  [
    new SudoRefusedError(URL_OF, 403, '7'),
    'refused',
    'stopActing',
    "acme.example:19999 doesn't let you act as user 7, which requires the Admin role. On Looker (Google Cloud core), only an API-only service account with that role can act as embed users.",
    ITSELF,
  ],
  [
    new DevModeRefusedError(URL_OF, 403),
    'setup',
    'showLog',
    "acme.example:19999 doesn't let this user work in Development Mode. Ask your Looker admin for the develop permission.",
    ITSELF,
  ],
  [
    new UnknownUserError(URL_OF, '7', 404),
    'refused',
    'chooseUser',
    "acme.example:19999 has no active user with ID 7. Check the ID, and that you're an admin.",
    ITSELF,
  ],
  [
    new RefusedError(URL_OF, 403),
    'setup',
    'showLog',
    'acme.example:19999 refused the request. Ask your Looker admin whether your roles allow it.',
    "Looker doesn't let this user use the API.",
  ],
  [
    new SudoMismatchError(URL_OF, { userId: '7', adminId: '1' }, { userId: '8', adminId: '1' }),
    'transient',
    'showLog',
    'acme.example:19999 issued a token for user 8 instead of user 7, so Looker Auth revoked it. Tell your Looker admin.',
    ITSELF,
  ],
  [
    new DisabledUserError(URL_OF, 'Edsger'),
    'setup',
    'openInstance',
    "Edsger is disabled on acme.example:19999, so you can't act as them. Choose another user, or enable them in Looker under Admin > Users.",
    ITSELF,
  ],
  [
    new LoginNeededError(account, 'keyNotSaved'),
    'loggedOut',
    'logIn',
    "Ada Lovelace (acme.cloud.looker.com) needs a new token, but the API key wasn't saved. Log in again.",
    ITSELF,
  ],
  [new LoggedOutError('Ada'), 'loggedOut', 'logIn', 'Ada is logged out. Log in again.', ITSELF],
  [
    new ExpiredOnArrivalError(account),
    'transient',
    'showLog',
    'New tokens for Ada Lovelace (acme.cloud.looker.com) expire as soon as they arrive. Check your network, and ask your Looker admin about the session length.',
    ITSELF,
  ],
  [
    new SecretStorageError(new Error('The keyring is locked.'), 'Try again.'),
    'setup',
    'showLog',
    "VS Code's secret storage isn't working: The keyring is locked. Try again.",
    ITSELF,
  ],
  [
    new TokenAcceptedError(account),
    'input',
    'showLog',
    "Looker still accepts this token for Ada Lovelace (acme.cloud.looker.com), so Looker Auth didn't replace it.",
    ITSELF,
  ],
  [
    new CodeMissingError(),
    'setup',
    'showLog',
    "Looker Auth couldn't load part of its code. Reload the window, or reinstall the extension if that doesn't help.",
    ITSELF,
  ],
  [new NotLoggedInError(), 'loggedOut', 'logIn', "You're not logged in to Looker.", ITSELF],
  [
    new NotActingError(),
    'input',
    'showLog',
    "You aren't acting as another user on any Looker instance.",
    ITSELF,
  ],
  [
    new RefusedBeforeError('Looker rejected this API key.'),
    'refused',
    'stopActing',
    'Looker rejected this API key.',
    ITSELF,
  ],
  [
    new UnreadableAccountError(account.id),
    'loggedOut',
    'logInAgain',
    "Looker Auth can't read the saved account on acme.cloud.looker.com. Log in again.",
    ITSELF,
  ],
  [
    new NewerAccountError(account.id),
    'setup',
    'showExtension',
    'A newer version of Looker Auth saved the account on acme.cloud.looker.com. Update the extension to use it.',
    ITSELF,
  ],
  [
    new UnknownScopeError('ftp://acme.example'),
    'input',
    'showLog',
    'Looker Auth doesn\'t recognize the scope "ftp://acme.example". Use an instance URL such as "https://acme.cloud.looker.com", "sudo:" with a user ID, "workspace:dev", or "workspace:production".',
    ITSELF,
  ],
  [
    new OtherAccountError(account, [URL_OF]),
    'input',
    'showLog',
    "Ada Lovelace (acme.cloud.looker.com) isn't the account that the extension asked for (https://acme.example:19999).",
    ITSELF,
  ],
  [
    new OddGitignoreError(true),
    'setup',
    'showLog',
    ".gitignore is a link, so Looker Auth didn't change it. Add the line yourself.",
    ITSELF,
  ],
  [
    new OddFileNameError(),
    'setup',
    'showLog',
    "The file's name has a line break or another control character, so it can't be added to .gitignore. Rename the file first.",
    ITSELF,
  ],
  [
    new BrowserLoginNotSetUpError(URL_OF, 'looker-auth-vscode'),
    'setup',
    'showLog',
    "Browser login isn't set up on acme.example:19999: the OAuth client looker-auth-vscode is unknown or disabled. Ask your Looker admin to set it up, or log in with an API key.",
    ITSELF,
  ],
  [
    new BrowserLoginUnsupportedError(URL_OF, 404),
    'setup',
    'showLog',
    "acme.example:19999 doesn't support browser login. Log in with an API key.",
    ITSELF,
  ],
  [
    new BrowserLoginDeniedError(URL_OF),
    'setup',
    'showLog',
    'acme.example:19999 denied access. Log in again and allow it, or ask your Looker admin whether your group can use Looker Auth.',
    ITSELF,
  ],
  [
    new BrowserLoginForbiddenError(URL_OF, 403),
    'setup',
    'showLog',
    "acme.example:19999 doesn't let you log in with the browser. Ask your Looker admin to let your group use Looker Auth, or log in with an API key.",
    ITSELF,
  ],
  [
    new BrowserLoginFailedError(URL_OF, 'server_error'),
    'transient',
    'showLog',
    "acme.example:19999 couldn't complete the login because of an internal error. Log in again; if that doesn't help, ask your Looker admin.",
    ITSELF,
  ],
  [
    new NoRedirectError('http://127.0.0.1:17653/looker-auth'),
    'input',
    'showLog',
    'Paste the full address of the page where your browser stopped. It starts with http://127.0.0.1:17653/looker-auth?.',
    ITSELF,
  ],
  [
    new ForeignRedirectError(URL_OF),
    'input',
    'showLog',
    'This address belongs to another login. Paste the one from the page that this login opened, or choose "Open Again".',
    ITSELF,
  ],
  [
    new CodeRejectedError(URL_OF, 400),
    'input',
    'logIn',
    'acme.example:19999 no longer accepts this login, because its code expired or was already used. Log in again.',
    ITSELF,
  ],
  [
    new BrowserLoginEndedError(URL_OF, 400),
    'refused',
    'logIn',
    'This browser login on acme.example:19999 was revoked or has expired. Log in again.',
    ITSELF,
  ],
  [
    new MetadataElsewhereError(URL_OF, 'https://evil.example'),
    'intercepted',
    'showLog',
    "Looker Auth didn't open https://evil.example, where acme.example:19999 wants you to log in: it isn't the same host over HTTPS. Ask your Looker admin, or log in with an API key.",
    ITSELF,
  ],
  [
    new BrowserLoginTimeoutError(URL_OF, 5),
    'input',
    'logIn',
    'The login on acme.example:19999 timed out after 5 minutes. Log in again; if the browser shows an error, browser login may not be set up for you.',
    ITSELF,
  ],
  [
    new OtherUserError(URL_OF, 'Ada Lovelace', 'Grace Hopper'),
    'input',
    'showLog',
    "In the browser, you're logged in to acme.example:19999 as Grace Hopper, not as Ada Lovelace. Log out of Looker there, then try again.",
    ITSELF,
  ],
  [
    new RefreshTokenSurvivesError(URL_OF),
    'setup',
    'showLog',
    "Looker Auth deleted the login, but acme.example:19999 didn't revoke it. It stays valid for up to a month, unless you or an admin revoke it.",
    ITSELF,
  ],
  [
    new BrowserSudoRefusedError(URL_OF, 403, '42'),
    'refused',
    'logIn',
    "acme.example:19999 doesn't let you act as user 42, which requires the Admin role. If you have it, log in with an API key and try again.",
    ITSELF,
  ],
  [
    new ClientAppsForbiddenError(URL_OF, 403),
    'setup',
    'showLog',
    'acme.example:19999 doesn\'t let you set up browser login, which requires the Admin role. Ask your Looker admin to run "Looker: Set Up Browser Login…".',
    ITSELF,
  ],
  [
    new RevokeEverywhereRefusedError(URL_OF, 403),
    'setup',
    'showLog',
    "You don't have permission to revoke all your browser logins on acme.example:19999. Ask your Looker admin to revoke them.",
    ITSELF,
  ],
  [
    new ClientAppRefusedError(URL_OF, 422, ['redirect_uri']),
    'setup',
    'showLog',
    "acme.example:19999 didn't accept the OAuth client. Check these fields: redirect_uri.",
    ITSELF,
  ],
  [
    new UnsavedRenewalError(),
    'transient',
    'showLog',
    "Another window has renewed this login but couldn't save it. Use that window, or unlock your keyring and try again.",
    ITSELF,
  ],
];

/** Network errors have only codes. */
const NETWORK: readonly [code: string | undefined, verdict: string][] = [
  ['ENOTFOUND', "This machine can't resolve the name acme.example. Check your VPN or DNS."],
  ['EAI_AGAIN', "This machine can't resolve the name acme.example. Check your VPN or DNS."],
  ['ECONNREFUSED', 'Port 19999 on acme.example is closed.'],
  [
    'ECONNRESET',
    'The connection to acme.example failed (ECONNRESET), perhaps because of a firewall or proxy.',
  ],
  ['EHOSTUNREACH', 'This machine has no route to acme.example. Check your network or VPN.'],
  ['ENETUNREACH', 'This machine has no route to acme.example. Check your network or VPN.'],
  [
    'ETIMEDOUT',
    'The connection to acme.example failed (ETIMEDOUT), perhaps because of a firewall or proxy.',
  ],
  ['HPE_HEADER_OVERFLOW', "acme.example:19999 responds, but not with Looker's API."],
  ['HPE_INVALID_CONSTANT', "acme.example:19999 responds, but not with Looker's API."],
  ['ERR__ERROR_FORMAT_PADDING_2', "acme.example:19999 responds, but not with Looker's API."],
  ['Z_DATA_ERROR', "acme.example:19999 responds, but not with Looker's API."],
  ['Z_BUF_ERROR', "acme.example:19999 responds, but not with Looker's API."],
  ['EPROTO', "acme.example:19999 responds, but doesn't use HTTPS."],
  ['ERR_SSL_WRONG_VERSION_NUMBER', "acme.example:19999 responds, but doesn't use HTTPS."],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'acme.example:19999 refused the TLS handshake.'],
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    "acme.example:19999 requires a client certificate, which Looker Auth can't send.",
  ],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'acme.example:19999 uses an outdated TLS version or key.'],
  [undefined, 'The connection to acme.example was closed, perhaps by a firewall or proxy.'],
];

const CERTIFICATES: readonly [code: string, verdict: string][] = [
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'The certificate of acme.example:19999 is self-signed.'],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    "The certificate of acme.example:19999 is from a CA that this machine doesn't trust.",
  ],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate of acme.example:19999 is for another host.'],
  [
    'CERT_HAS_EXPIRED',
    "The certificate of acme.example:19999 has expired, or this machine's clock is wrong.",
  ],
  [
    'CERT_NOT_YET_VALID',
    "The certificate of acme.example:19999 isn't valid yet, or this machine's clock is wrong.",
  ],
];

/** Errors that only end something, or are sent to a program in a terminal. VS Code never shows them. */
const SIGNALS = ['Back', 'CanceledError', 'RequestRefusal'];

describe('the errors', () => {
  before(function () {
    this.timeout(60_000); // reads all of src
    assert.ok(Source.product);
  });

  for (const [error, category, recovery, sentence, verdict] of ERRORS) {
    it(`${error.name} has its category, its recovery, its sentence and its verdict`, () => {
      assert.equal(error.name, classNameOf(error));
      assert.deepEqual(
        [error.category, error.recovery, error.message, error.verdict],
        [category, recovery, sentence, verdict ?? sentence],
      );
    });
  }

  it('have verdicts for network errors', () => {
    for (const [code, verdict] of NETWORK) {
      assert.equal(new UnreachableError(URL_OF, code).verdict, verdict);
    }
    for (const [code, verdict] of CERTIFICATES) {
      assert.equal(new UntrustedCertificateError(URL_OF, code).verdict, verdict);
    }
  });

  it('are all in the table', () => {
    const inTable = ERRORS.map(([error]) => classNameOf(error));
    const exported = errorClasses().filter(
      ({ isExported, isAbstract }) => isExported && !isAbstract,
    );
    assert.deepEqual(exported.map(({ name }) => name).sort(), [...inTable, ...SIGNALS].sort());
  });

  it('are all expected errors, so that each has a category and a verdict', () => {
    const classes = errorClasses();
    const ours = new Set(classes.map(({ name }) => name));
    const roots = classes.filter(({ base }) => !ours.has(base)).map(({ name }) => name);
    assert.deepEqual(roots.sort(), [...SIGNALS, 'ExpectedError'].sort());
  });
});

function classNameOf(error: Error): string {
  return error.constructor.name;
}

/** Every class in `src` that extends an error, with its base class. */
function errorClasses() {
  const flags = (node: ts.ClassLikeDeclaration) => ts.getCombinedModifierFlags(node);
  return Source.product.all(ts.isClassLike).flatMap((node) => {
    const base = node.heritageClauses
      ?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
      ?.types[0]?.expression.getText();
    if (!base?.endsWith('Error')) return [];
    return [
      {
        name: node.name?.text ?? 'a class without a name',
        base,
        isExported: (flags(node) & ts.ModifierFlags.Export) !== 0,
        isAbstract: (flags(node) & ts.ModifierFlags.Abstract) !== 0,
      },
    ];
  });
}
