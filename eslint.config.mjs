import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const noVscode = {
  name: 'vscode',
  message:
    'Only src/vscode/ and src/extension.ts know VS Code: declare the slice you need as a port.',
};
const noFetch = {
  name: 'node-fetch',
  message:
    'Take the Fetch port of src/looker/network/http.ts: only src/extension.ts knows which fetch it is.',
};

/**
 * What opens connections: for node-fetch, for what is streamed, to look at a certificate, and to look at the way to an instance. And what takes
 * them, on loopback alone: a login with the browser, which comes back to this machine.
 */
const CONNECTORS = [
  'tls/verifiedHttps',
  'tls/privateTls',
  'network/fetchStream',
  'network/reach',
  'oauth/redirectListener',
].map((name) => `src/looker/${name}.ts`);
const noNetwork = ['http', 'https', 'http2', 'net', 'tls', 'dgram'].map((name) => ({
  name: `node:${name}`,
  message: `Take the Fetch port of src/looker/network/http.ts: but for it, only ${CONNECTORS.join(', ')} reach the network.`,
}));

/** What listens: SDKs of Looker know no way to a terminal's broker but a port of this machine. */
const LISTENER = 'src/broker/listener.ts';

/** Calls go down, events come up: each layer may import itself and what lies below it. */
const below = {
  looker: {
    group: [
      ...['**/looker/**', '**/accounts/**', '**/broker/**', '**/diagnostics/**', '**/vscode/**'],
      '**/extension',
    ],
    message: 'src/base is what a program about anything could use: it knows nobody.',
  },
  accounts: {
    group: [
      ...['**/accounts/**', '**/broker/**', '**/diagnostics/**', '**/vscode/**'],
      '**/extension',
    ],
    message: 'src/looker is the lowest layer, what Looker says: it may import src/base alone.',
  },
  broker: {
    group: ['**/accounts/**', '**/diagnostics/**', '**/vscode/**', '**/extension'],
    message:
      'src/broker is Looker for a terminal: it gets the tokens of accounts through its port Minting.',
  },
  vscode: {
    group: ['**/broker/**', '**/vscode/**', '**/diagnostics/**', '**/extension'],
    message:
      'src/accounts is the middle layer, who is logged in: it may import src/looker and src/base.',
  },
  diagnostics: {
    group: ['**/broker/**', '**/vscode/**', '**/extension'],
    message: 'src/diagnostics is the connection check: it may import src/accounts and src/looker.',
  },
  root: {
    group: ['**/extension'],
    message: 'src/extension.ts builds everything; nobody imports it.',
  },
  tests: {
    group: ['**/test/**', '**/bench/**', '**/scripts/**'],
    message: 'Tests and scripts import the product, never the other way round.',
  },
};

/**
 * The rooms of src/vscode, from the bottom up: what each is for, and which other rooms it may import. What lies in no
 * room (`context.ts`, `focus.ts`, `ownExtension.ts`) is for all.
 */
const ROOMS = {
  text: { holds: 'how spans, lists and long names read', imports: [] },
  prompts: { holds: 'questions and messages, step by step', imports: ['text'] },
  settings: {
    holds: 'what the user has set, and the connections that follow from it',
    imports: ['prompts'],
  },
  account: { holds: 'how one account reads', imports: ['prompts', 'text'] },
  trust: {
    holds: 'certificates and exceptions the user has agreed to',
    imports: ['prompts', 'settings'],
  },
  login: { holds: 'the way to a login', imports: ['account', 'prompts', 'text', 'trust'] },
  loginAsUser: {
    holds: 'acting as another user',
    imports: ['account', 'login', 'prompts', 'text'],
  },
  logout: { holds: 'the way out', imports: ['account', 'prompts', 'text'] },
  messages: {
    holds: 'what is said of errors, and of what happens unasked',
    imports: ['account', 'login', 'prompts', 'text'],
  },
  import: { holds: 'API keys that are in files', imports: ['messages', 'prompts', 'text'] },
  terminal: {
    holds: 'terminals opened as an account',
    imports: ['account', 'prompts', 'settings', 'text'],
  },
  diagnostics: { holds: 'the connection check', imports: ['login', 'prompts', 'text'] },
  commands: {
    holds: 'commands of one screen',
    imports: ['account', 'logout', 'prompts', 'text'],
  },
  accountsList: {
    holds: 'the list of accounts, and what its lines do',
    imports: [
      ...['account', 'commands', 'import', 'login', 'loginAsUser', 'logout'],
      ...['messages', 'prompts', 'terminal'],
    ],
  },
  statusBar: { holds: 'who you are', imports: ['account', 'settings', 'text'] },
  chatTool: { holds: 'what a language model is told', imports: ['account'] },
  provider: { holds: 'sessions for other extensions', imports: ['account', 'prompts'] },
  palette: {
    holds: 'all commands, and when VS Code offers them',
    imports: [
      ...['accountsList', 'commands', 'diagnostics', 'import', 'login', 'loginAsUser', 'logout'],
      ...['messages', 'provider', 'terminal', 'trust'],
    ],
  },
};

/** @returns what a room may not import, each with a word on where things belong */
function closedDoors(room) {
  const { imports } = ROOMS[room];
  return Object.entries(ROOMS)
    .filter(([other]) => other !== room && !imports.includes(other))
    .map(([other, { holds }]) => ({
      group: [`../${other}/**`],
      message: `src/vscode/${other} holds ${holds}; src/vscode/${room} may import ${imports.join(', ') || 'no other room'}. Move what both need down, or tell it by an event.`,
    }));
}

/** Names come from servers: in a notification `[words](command:id)` is a link that runs any command. */
const bareMessages = ['showErrorMessage', 'showWarningMessage', 'showInformationMessage'].map(
  (property) => ({
    property,
    message:
      'Take src/vscode/prompts/notify.ts, or confirm.ts for a dialog: a name from Looker would become a link.',
  }),
);

const lazyElsewhere = {
  selector: 'ImportExpression',
  message:
    'src/extension.ts alone says what is loaded when it is needed: take it as a parameter, such as a Lazy.',
};

/** @returns ESLint configuration for files that must not know these packages and folders */
function layer(files, paths, patterns) {
  return {
    files,
    rules: {
      'no-restricted-imports': ['error', { paths, patterns: [...patterns, below.tests] }],
    },
  };
}

export default tseslint.config(
  { ignores: ['**/dist/', 'out/', 'node_modules/', 'packages/looker-auth-api/client.{js,d.ts}'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  layer(['src/base/**'], [noVscode, noFetch, ...noNetwork], [below.looker]),
  layer(['src/looker/**'], [noVscode, noFetch, ...noNetwork], [below.accounts]),
  layer(CONNECTORS, [noVscode, noFetch], [below.accounts]),
  layer(['src/accounts/**'], [noVscode, noFetch, ...noNetwork], [below.vscode]),
  layer(['src/broker/**'], [noVscode, noFetch, ...noNetwork], [below.broker]),
  layer([LISTENER], [noVscode, noFetch], [below.broker]),
  layer(['src/diagnostics/**'], [noVscode, noFetch, ...noNetwork], [below.diagnostics]),
  layer(['src/vscode/*.ts'], [noFetch, ...noNetwork], [below.root]),
  ...Object.keys(ROOMS).map((room) =>
    layer([`src/vscode/${room}/**`], [noFetch, ...noNetwork], [below.root, ...closedDoors(room)]),
  ),
  {
    files: ['src/**'],
    rules: { 'no-restricted-globals': ['error', { ...noFetch, name: 'fetch' }] },
  },
  {
    files: ['src/**'],
    ignores: ['src/extension.ts'],
    rules: { 'no-restricted-syntax': ['error', lazyElsewhere] },
  },
  {
    files: ['src/**'],
    ignores: ['src/vscode/prompts/{notify,confirm}.ts'],
    rules: { 'no-restricted-properties': ['error', ...bareMessages] },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', require: 'readonly', URL: 'readonly' },
    },
  },
  prettier,
);
