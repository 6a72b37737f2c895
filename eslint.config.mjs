import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const noVscode = {
  name: 'vscode',
  message:
    'Only src/vscode/ and src/extension.ts may import vscode: declare an interface for what you need.',
};
const noFetch = {
  name: 'node-fetch',
  message:
    'Use the Fetch type of src/looker/network/http.ts: only src/extension.ts chooses the implementation.',
};

/**
 * Files that open connections: for node-fetch, for streaming, to read a certificate, and for the connection check. The
 * last one accepts connections, on loopback only, since a login with the browser returns to this machine.
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
  message: `Use the Fetch type of src/looker/network/http.ts: only ${CONNECTORS.join(', ')} may open connections.`,
}));

/** Listens for programs in terminals: Looker's SDKs can reach a broker only through a port. */
const LISTENER = 'src/broker/listener.ts';

/** Calls go down, events come up: each layer may import itself and the layers below it. */
const below = {
  looker: {
    group: [
      ...['**/looker/**', '**/accounts/**', '**/broker/**', '**/diagnostics/**', '**/vscode/**'],
      '**/extension',
    ],
    message: 'src/base has general tools: it may not import the other layers.',
  },
  accounts: {
    group: [
      ...['**/accounts/**', '**/broker/**', '**/diagnostics/**', '**/vscode/**'],
      '**/extension',
    ],
    message: "src/looker is Looker's HTTP API: it may import only src/base.",
  },
  broker: {
    group: ['**/accounts/**', '**/diagnostics/**', '**/vscode/**', '**/extension'],
    message:
      'src/broker is Looker for a terminal: it gets tokens through its interface Minting, not from accounts.',
  },
  vscode: {
    group: ['**/broker/**', '**/vscode/**', '**/diagnostics/**', '**/extension'],
    message: 'src/accounts is who is logged in: it may import only src/looker and src/base.',
  },
  diagnostics: {
    group: ['**/broker/**', '**/vscode/**', '**/extension'],
    message:
      'src/diagnostics is the connection check: it may import only src/accounts, src/looker and src/base.',
  },
  root: {
    group: ['**/extension'],
    message: 'src/extension.ts creates everything: nothing may import it.',
  },
  tests: {
    group: ['**/test/**', '**/bench/**', '**/scripts/**'],
    message: 'src may not import tests, benchmarks or scripts.',
  },
};

/**
 * The folders of src/vscode, from the bottom up: what each contains, and which others it may import. All of them may
 * import the files beside them (`context.ts`, `focus.ts`, `ownExtension.ts`).
 */
const FOLDERS = {
  text: { contains: 'how durations, lists and long names are written', imports: [] },
  prompts: { contains: 'questions and messages, step by step', imports: ['text'] },
  settings: {
    contains: "the user's settings, and the connections that follow from them",
    imports: ['prompts'],
  },
  account: { contains: 'how one account is described', imports: ['prompts', 'text'] },
  trust: {
    contains: 'certificates and exceptions that the user has agreed to',
    imports: ['prompts', 'settings'],
  },
  login: { contains: 'logging in', imports: ['account', 'prompts', 'text', 'trust'] },
  loginAsUser: {
    contains: 'acting as another user',
    imports: ['account', 'login', 'prompts', 'text'],
  },
  logout: { contains: 'logging out', imports: ['account', 'prompts', 'text'] },
  messages: {
    contains: 'messages about errors, and about what happens in the background',
    imports: ['account', 'login', 'prompts', 'text'],
  },
  import: { contains: 'API keys in files', imports: ['messages', 'prompts', 'text'] },
  terminal: {
    contains: 'terminals opened as an account',
    imports: ['account', 'prompts', 'settings', 'text'],
  },
  diagnostics: { contains: 'the connection check', imports: ['login', 'prompts', 'text'] },
  commands: {
    contains: 'commands with a single screen',
    imports: ['account', 'logout', 'prompts', 'text'],
  },
  accountsList: {
    contains: 'the list of accounts, and what its lines do',
    imports: [
      ...['account', 'commands', 'import', 'login', 'loginAsUser', 'logout'],
      ...['messages', 'prompts', 'terminal'],
    ],
  },
  statusBar: { contains: 'the status bar item', imports: ['account', 'settings', 'text'] },
  chatTool: { contains: 'what a language model learns', imports: ['account'] },
  provider: { contains: 'sessions for other extensions', imports: ['account', 'prompts'] },
  palette: {
    contains: 'all commands, and when VS Code shows them',
    imports: [
      ...['accountsList', 'commands', 'diagnostics', 'import', 'login', 'loginAsUser', 'logout'],
      ...['messages', 'provider', 'terminal', 'trust'],
    ],
  },
};

/** @returns what a folder may not import, each with a message that says where code belongs */
function forbiddenImports(folder) {
  const { imports } = FOLDERS[folder];
  return Object.entries(FOLDERS)
    .filter(([other]) => other !== folder && !imports.includes(other))
    .map(([other, { contains }]) => ({
      group: [`../${other}/**`],
      message: `src/vscode/${other} contains ${contains}; src/vscode/${folder} may import ${imports.join(', ') || 'no other folder'}. Move shared code to a lower folder, or use an event.`,
    }));
}

/** Names come from servers, and `[words](command:id)` in a notification is a link that runs a command. */
const bareMessages = ['showErrorMessage', 'showWarningMessage', 'showInformationMessage'].map(
  (property) => ({
    property,
    message:
      'Use src/vscode/prompts/notify.ts, or confirm.ts for a dialog: a name from Looker could become a link here.',
  }),
);

const lazyElsewhere = {
  selector: 'ImportExpression',
  message:
    'Only src/extension.ts decides what is loaded lazily: take it as a parameter, such as a Lazy.',
};

/** @returns ESLint configuration for files that may not import these packages and folders */
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
  ...Object.keys(FOLDERS).map((folder) =>
    layer(
      [`src/vscode/${folder}/**`],
      [noFetch, ...noNetwork],
      [below.root, ...forbiddenImports(folder)],
    ),
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
