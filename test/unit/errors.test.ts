// Every error that users read, in one table: what it is, what helps, what it says, and what the connection check says.
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
  ExpiredOnArrivalError,
  LoggedOutError,
  LoginNeededError,
  NewerAccountError,
  NobodyActsError,
  NobodyLoggedInError,
  RefusedBeforeError,
  SecretStorageError,
  TokenAcceptedError,
  UnknownTrustError,
  UnreadableAccountError,
} from '../../src/accounts/errors';
import {
  IniFileError,
  InvalidAnswerError,
  InvalidInstanceError,
} from '../../src/looker/errors/input';
import { IniTooLargeError } from '../../src/looker/apiKeys/lookerIni';
import { OddFileNameError, OddGitignoreError } from '../../src/vscode/import/gitIgnore';
import { OtherAccountError, UnknownScopeError } from '../../src/vscode/provider/scopes';
import {
  ProxyError,
  TimeoutError,
  TunnelRefusedError,
  UnreachableError,
} from '../../src/looker/errors/network';
import {
  RateLimitedError,
  ReplyTooLargeError,
  ServerError,
  UnexpectedReplyError,
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
} from '../../src/looker/oauth/clientAppErrors';
import { UnsavedRenewalError } from '../../src/accounts/browserLogin/errors';
import type { Category, ExpectedError, Recovery } from '../../src/looker/errors/expectedError';
import { ADA } from '../support/accountStatus';
import { Source } from '../support/source';

const URL_OF = 'https://acme.example:19999';
const { account } = ADA;

/** The sentence itself is the verdict. */
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
    'This is not the URL of a Looker instance.',
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
    'This file is too large to be a looker.ini. Choose another file.',
    ITSELF,
  ],
  [
    new UnreachableError(URL_OF, 'ENOTFOUND'),
    'transient',
    'checkConnection',
    'Could not reach acme.example:19999: no such host is known. Check the instance URL, your network and VPN.',
    'The name acme.example does not resolve here: VPN or DNS.',
  ],
  [
    new TimeoutError(URL_OF, 30_000),
    'transient',
    'checkConnection',
    'acme.example:19999 did not answer within 30 s. Check your network and VPN, or raise the setting "lookerAuth.timeout".',
    'Nothing answers at acme.example:19999: a firewall drops it, or the VPN is off.',
  ],
  [
    new ProxyError(URL_OF, 407),
    'transient',
    'checkConnection',
    'A proxy on the way to acme.example:19999 asks you to sign in to it (HTTP 407). Check the proxy settings of VS Code.',
    'A proxy on the way to acme.example:19999 wants a sign-in.',
  ],
  [
    new TunnelRefusedError(URL_OF, 403),
    'transient',
    'showLog',
    'The proxy refuses to connect to acme.example:19999 (HTTP 403).',
    'The proxy does not let anybody through to acme.example:19999 (HTTP 403).',
  ],
  [
    new UntrustedCertificateError(URL_OF, 'CERT_HAS_EXPIRED'),
    'intercepted',
    'showCertificate',
    'The certificate of acme.example:19999 is not trusted (CERT_HAS_EXPIRED). It has expired. Check the instance URL, or ask whoever runs the instance.',
    'The certificate of acme.example:19999 has expired, or the clock of this machine is wrong.',
  ],
  [
    new ChangedCertificateError(URL_OF, 'AA:AA', 'BB:BB'),
    'intercepted',
    'showLog',
    'THE CERTIFICATE OF acme.example:19999 HAS CHANGED. Somebody may be between you and the instance, so nothing was sent. You have trusted the one with the fingerprint AA:AA, now it is BB:BB. Ask whoever runs the instance; if they have changed it, run the command "Looker: Forget Trusted Certificate…", and log in again.',
    'The certificate of acme.example:19999 is not the one that was trusted: ask whoever runs it.',
  ],
  [
    new CaFileError(URL_OF, 'There is no file.'),
    'setup',
    'showLog',
    'Nothing was sent to acme.example:19999, since its CA file cannot be used. There is no file. Check "caFile" in the setting "lookerAuth.instances".',
    ITSELF,
  ],
  [
    new PlainHttpError('http://acme.example'),
    'setup',
    'showLog',
    'acme.example would be asked over plain http, which shows your API key to everybody on the way. Use https, or mark this instance with "plainHttp" in the setting "lookerAuth.instances".',
    'acme.example is to be asked over plain http, which is not allowed here: use https.',
  ],
  [
    new WeakerProtectionError(URL_OF, []),
    'intercepted',
    'reviewExceptions',
    'Your settings protect acme.example:19999 less than you have agreed to, so nothing was sent. Review them to go on.',
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
    'acme.example:19999 redirects to https://sso.example, as single sign-on and firewalls do. Nothing is sent there. Ask your Looker admin to let API requests through, or check the URL.',
    ITSELF,
  ],
  [
    new NotLookerApiError(URL_OF, 200),
    'intercepted',
    'openInstance',
    'acme.example:19999 answers (HTTP 200), but this is not a Looker API. Check the instance URL and port: older instances serve the API on port 19999.',
    'Something answers at acme.example:19999, but it is not Looker’s API.',
  ],
  [
    new InterceptedError(URL_OF, 403, 'firewall'),
    'intercepted',
    'openInstance',
    'A firewall or gateway in front of acme.example:19999 blocked the request, so it never reached Looker. Check your network and VPN, or ask your Looker admin.',
    ITSELF,
  ],
  [
    new ApiElsewhereError(URL_OF, 'https://acme.example'),
    'setup',
    'useOtherUrl',
    'No Looker API answers at acme.example:19999, but port 443 of that host does answer.',
    ITSELF,
  ],
  [
    new UnexpectedReplyError(URL_OF, 200, 'id is missing'),
    'transient',
    'showLog',
    "acme.example:19999 gave a reply that is not Looker's: id is missing. Check the instance URL, or look into the log.",
    'Something answers at acme.example:19999, but it is not Looker’s API.',
  ],
  [
    new ReplyTooLargeError(URL_OF, 2 * 1024 * 1024),
    'transient',
    'showLog',
    'acme.example:19999 sent more than 2 MB, which no Looker login does. Check the instance URL.',
    ITSELF,
  ],
  [
    new RateLimitedError(URL_OF, 429, 5000),
    'transient',
    'showLog',
    'acme.example:19999 is busy and asks for patience (HTTP 429). Try again in 5 seconds.',
    'acme.example:19999 is busy and asks for patience.',
  ],
  [
    new ServerError(URL_OF, 500),
    'transient',
    'showLog',
    'acme.example:19999 answered with an error (HTTP 500). Try again later.',
    'acme.example:19999 is there, but answers with an error of its own (HTTP 500).',
  ],
  [
    new ApiKeyRefusedError(URL_OF, 404),
    'refused',
    'logIn',
    "Looker rejected this API key on acme.example:19999. Check the client ID and client secret, and that the user isn't disabled.",
    'Looker refuses the API key: it was deleted, or its user is disabled.',
  ],
  [
    new TokenRejectedError(URL_OF, 401),
    'refused',
    'logIn',
    'acme.example:19999 no longer accepts this token (HTTP 401). Renew it, or log in again.',
    'Looker no longer accepts the token: log in again.',
  ],
  [
    new SudoRefusedError(URL_OF, 403, '7'),
    'refused',
    'stopActing',
    'acme.example:19999 does not let you act as user 7 (HTTP 403). Only a user with the Admin role may; on Looker (Google Cloud core) only an API-only service account with the Admin role, and only as an embed user.',
    ITSELF,
  ],
  [
    new DevModeRefusedError(URL_OF, 403),
    'setup',
    'showLog',
    "acme.example:19999 doesn't let this user work in Development Mode (HTTP 403). Ask your Looker admin for the develop permission.",
    ITSELF,
  ],
  [
    new UnknownUserError(URL_OF, '7', 404),
    'refused',
    'chooseUser',
    'acme.example:19999 knows no active user 7 to act as (HTTP 404). Check the id, and that you are an admin.',
    ITSELF,
  ],
  [
    new RefusedError(URL_OF, 403),
    'setup',
    'showLog',
    'acme.example:19999 refused this (HTTP 403). Ask a Looker admin whether your roles allow it.',
    'Looker does not let this user use its API (HTTP 403).',
  ],
  [
    new SudoMismatchError(URL_OF, { userId: '7', adminId: '1' }, { userId: '8', adminId: '1' }),
    'transient',
    'showLog',
    'acme.example:19999 was asked for user 7 and gave a token of user 8. The token was ended and nothing was kept. Tell whoever runs the instance, or a proxy before it.',
    ITSELF,
  ],
  [
    new DisabledUserError(URL_OF, 'Edsger'),
    'setup',
    'openInstance',
    'Edsger is disabled on acme.example:19999, and Looker lets nobody act as a disabled user. Choose somebody else, or enable them in Looker under Admin > Users.',
    ITSELF,
  ],
  [
    new LoginNeededError(account, 'its API key was not kept'),
    'loggedOut',
    'logIn',
    'Log in again as Ada Lovelace (acme.cloud.looker.com): its API key was not kept.',
    ITSELF,
  ],
  [new LoggedOutError('Ada'), 'loggedOut', 'logIn', 'Ada is logged out.', ITSELF],
  [
    new ExpiredOnArrivalError(account),
    'transient',
    'showLog',
    'New tokens of Ada Lovelace (acme.cloud.looker.com) have expired before they can be used. Check the network, and the session length set in Looker.',
    ITSELF,
  ],
  [
    new SecretStorageError(new Error('The keyring is locked.'), 'Try again.'),
    'setup',
    'showLog',
    'The secret storage of VS Code fails: The keyring is locked. Try again.',
    ITSELF,
  ],
  [
    new TokenAcceptedError(account),
    'input',
    'showLog',
    'Looker accepts this token of Ada Lovelace (acme.cloud.looker.com): nothing was replaced.',
    ITSELF,
  ],
  [new NobodyLoggedInError(), 'loggedOut', 'logIn', 'Nobody is logged in to Looker.', ITSELF],
  [
    new NobodyActsError(),
    'input',
    'showLog',
    'You do not act as another user on any Looker instance.',
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
    'What is stored for an account on acme.cloud.looker.com cannot be read. Log in there again.',
    ITSELF,
  ],
  [
    new NewerAccountError(account.id),
    'setup',
    'showExtension',
    'An account on acme.cloud.looker.com was stored by a newer version of Looker Auth. Update the extension to use it.',
    ITSELF,
  ],
  [
    new UnknownScopeError('ftp://acme.example'),
    'input',
    'showLog',
    'Looker Auth does not know the scope "ftp://acme.example". A scope is an instance, such as "https://acme.cloud.looker.com", "sudo:" with a user ID, "workspace:dev", or "workspace:production".',
    ITSELF,
  ],
  [
    new OtherAccountError(account, [URL_OF]),
    'input',
    'showLog',
    'Ada Lovelace (acme.cloud.looker.com) is not what was asked for: https://acme.example:19999.',
    ITSELF,
  ],
  [
    new OddGitignoreError(true),
    'setup',
    'showLog',
    '.gitignore is a link, so Looker Auth wrote nothing. Add the line yourself.',
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
    "Browser login isn't set up on acme.example:19999: it doesn't know the OAuth client looker-auth-vscode, or has switched it off. Ask your Looker admin to set it up, or log in with an API key.",
    ITSELF,
  ],
  [
    new BrowserLoginUnsupportedError(URL_OF, 404),
    'setup',
    'showLog',
    "acme.example:19999 doesn't offer login with the browser. Log in with an API key.",
    ITSELF,
  ],
  [
    new BrowserLoginDeniedError(URL_OF),
    'setup',
    'showLog',
    'Access was denied on acme.example:19999. Log in again and allow it, or ask your Looker admin whether your group may use Looker Auth.',
    ITSELF,
  ],
  [
    new BrowserLoginForbiddenError(URL_OF, 403),
    'setup',
    'showLog',
    "acme.example:19999 doesn't let you log in with the browser (HTTP 403). Ask your Looker admin to add you to the group that may use Looker Auth, or log in with an API key.",
    ITSELF,
  ],
  [
    new BrowserLoginFailedError(URL_OF, 'server_error'),
    'transient',
    'showLog',
    "acme.example:19999 couldn't complete the login (it reports an internal error). Log in again; if it happens again, ask your Looker admin.",
    ITSELF,
  ],
  [
    new NoRedirectError('http://127.0.0.1:17653/looker-auth'),
    'input',
    'showLog',
    'Paste the whole address of the page that your browser ended on. It starts with http://127.0.0.1:17653/looker-auth?.',
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
    'acme.example:19999 no longer accepts this login (HTTP 400): its code has expired or was already used. Log in again.',
    ITSELF,
  ],
  [
    new BrowserLoginEndedError(URL_OF, 400),
    'refused',
    'logIn',
    'acme.example:19999 has ended this browser login (HTTP 400). Looker does that after about a month, or when an admin revokes it. Log in again.',
    ITSELF,
  ],
  [
    new MetadataElsewhereError(URL_OF, 'https://evil.example'),
    'intercepted',
    'showLog',
    "acme.example:19999 wants you to log in at https://evil.example, which isn't the same host over HTTPS. Nothing was opened there. Ask your Looker admin, or log in with an API key.",
    ITSELF,
  ],
  [
    new BrowserLoginTimeoutError(URL_OF, 5),
    'input',
    'logIn',
    'The login on acme.example:19999 timed out after 5 minutes. Log in again; if Looker shows an error in the browser, browser login may not be set up for you.',
    ITSELF,
  ],
  [
    new OtherUserError(URL_OF, 'Ada Lovelace', 'Grace Hopper'),
    'input',
    'showLog',
    'In the browser, you are logged in to acme.example:19999 as Grace Hopper, not as Ada Lovelace. Log out of Looker there, then try again.',
    ITSELF,
  ],
  [
    new RefreshTokenSurvivesError(URL_OF),
    'setup',
    'showLog',
    "acme.example:19999 didn't end the login itself. Looker Auth has deleted it; at Looker, it can last for a month, unless you or an admin revoke it.",
    ITSELF,
  ],
  [
    new BrowserSudoRefusedError(URL_OF, 403, '42'),
    'refused',
    'logIn',
    "acme.example:19999 doesn't let you act as user 42 (HTTP 403). That takes the Admin role, and some instances don't allow it after a browser login: log in with an API key and try again.",
    ITSELF,
  ],
  [
    new ClientAppsForbiddenError(URL_OF, 403),
    'setup',
    'showLog',
    "acme.example:19999 doesn't let you set up browser login (HTTP 403). It takes the Admin role; ask a Looker admin to run this command.",
    ITSELF,
  ],
  [
    new ClientAppRefusedError(URL_OF, 422, ['redirect_uri']),
    'setup',
    'showLog',
    "acme.example:19999 didn't accept the OAuth client (HTTP 422): check redirect_uri.",
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

/** The network has no words but codes. */
const NETWORK: readonly [code: string | undefined, verdict: string][] = [
  ['ENOTFOUND', 'The name acme.example does not resolve here: VPN or DNS.'],
  ['EAI_AGAIN', 'The name acme.example does not resolve here: VPN or DNS.'],
  ['ECONNREFUSED', 'Port 19999 of acme.example is closed.'],
  ['ECONNRESET', 'The connection to acme.example breaks off (ECONNRESET): a firewall or proxy?'],
  ['EHOSTUNREACH', 'There is no way to acme.example from here: network or VPN.'],
  ['ENETUNREACH', 'There is no way to acme.example from here: network or VPN.'],
  ['ETIMEDOUT', 'The connection to acme.example breaks off (ETIMEDOUT): a firewall or proxy?'],
  ['HPE_HEADER_OVERFLOW', 'Something answers at acme.example:19999, but it is not Looker’s API.'],
  ['HPE_INVALID_CONSTANT', 'Something answers at acme.example:19999, but it is not Looker’s API.'],
  [
    'ERR__ERROR_FORMAT_PADDING_2',
    'Something answers at acme.example:19999, but it is not Looker’s API.',
  ],
  ['Z_DATA_ERROR', 'Something answers at acme.example:19999, but it is not Looker’s API.'],
  ['Z_BUF_ERROR', 'Something answers at acme.example:19999, but it is not Looker’s API.'],
  ['EPROTO', 'acme.example:19999 answers, but does not speak https there.'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'acme.example:19999 answers, but does not speak https there.'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'acme.example:19999 refuses the TLS handshake.'],
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'acme.example:19999 wants to see a certificate of this machine. Looker Auth has none.',
  ],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'The TLS of acme.example:19999 is too old.'],
  [undefined, 'The connection to acme.example breaks off: a firewall or proxy?'],
];

const CERTIFICATES: readonly [code: string, verdict: string][] = [
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'The certificate of acme.example:19999 is signed by itself, and by no CA.',
  ],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'The certificate of acme.example:19999 comes from a CA this machine does not trust.',
  ],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate is for another host than acme.example:19999.'],
  [
    'CERT_HAS_EXPIRED',
    'The certificate of acme.example:19999 has expired, or the clock of this machine is wrong.',
  ],
  [
    'CERT_NOT_YET_VALID',
    'The certificate of acme.example:19999 is not valid yet, or the clock of this machine is wrong.',
  ],
];

/** What is thrown to end something, or is sent to a program in a terminal, and never shown in VS Code. */
const SIGNALS = ['Back', 'CancelledError', 'Refusal'];

describe('the errors', () => {
  before(function () {
    this.timeout(60_000); // it reads all of src
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

  it('have verdicts for what the network says', () => {
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

  it('are all expected, so that none is without a category and a verdict', () => {
    const classes = errorClasses();
    const ours = new Set(classes.map(({ name }) => name));
    const roots = classes.filter(({ base }) => !ours.has(base)).map(({ name }) => name);
    assert.deepEqual(roots.sort(), [...SIGNALS, 'ExpectedError'].sort());
  });
});

function classNameOf(error: Error): string {
  return error.constructor.name;
}

/** Every class of `src` that is an error by its base, with what it is. */
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
