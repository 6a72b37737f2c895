import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { buildForUsers } from '../../../bench/build';
import { ROOT } from '../../support/buildExtension';
import { Source, UNKNOWN, type StorageKey } from '../../support/source';

/** Functions that pass data out of Looker Auth, and the files in src that may call them. */
const OUTLETS = {
  writeText: [
    'src/vscode/commands/copyAccessToken.ts',
    'src/vscode/diagnostics/checkConnection.ts',
    'src/vscode/login/askLoginMethod.ts',
    'src/vscode/login/logInWithBrowser.ts',
    'src/vscode/trust/trustCertificate.ts',
  ],
  createTerminal: ['src/vscode/terminal/openTerminal.ts'],
  appendFile: ['src/vscode/import/gitIgnore.ts'],
  writeFile: ['src/accounts/browserLogin/turnFiles.ts'],
  execFile: ['src/vscode/import/gitIgnore.ts'],
  openExternal: [
    'src/vscode/commands/openInstance.ts',
    'src/vscode/login/askApiKey.ts',
    'src/vscode/login/logInWithBrowser.ts',
  ],
};

/** Similar functions that no file in src may call. */
const UNUSED = [
  ...['writeFileSync', 'appendFileSync', 'createWriteStream', 'copyFile', 'rename'],
  ...['execSync', 'execFileSync', 'spawn', 'fork', 'sendText', 'setKeysForSync'],
  ...['createTelemetryLogger', 'postMessage'],
];

/** Node's modules that open connections. */
const NETWORK = ['http', 'http2', 'https', 'net', 'tls', 'dgram'];

/**
 * Every call that opens a connection, and whether it verifies the certificate. The two without TLS are for an instance
 * on plain HTTP (`http.request`), and for a proxy or the port of an instance (`net.connect`).
 */
const CONNECTIONS = [
  'src/looker/network/fetchStream.ts: http.request, has no TLS',
  'src/looker/network/reach.ts: net.connect, has no TLS',
  'src/looker/network/reach.ts: tls.connect, verifies',
  'src/looker/network/reach.ts: tls.connect, verifies nothing',
  'src/looker/tls/privateTls.ts: https.request, verifies nothing',
  'src/looker/tls/verifiedHttps.ts: https.request, verifies',
];

describe('SECURITY.md', function () {
  this.timeout(120_000); // The compiler reads all of src.

  const text = readFileSync(path.join(ROOT, 'SECURITY.md'), 'utf8');
  let source: Source;

  before(() => {
    source = Source.product;
  });

  it('lists every storage key, and whether it is in secret storage', () => {
    const rows = text.matchAll(/^\| `(lookerAuth\.[^`]+)` +\| (secret storage|[a-z]+ state) /gm);
    const listed = [...rows].map(([, key = '', where]): StorageKey => ({
      key: key.replace(/<[^>]+>/g, UNKNOWN),
      isSecret: where === 'secret storage',
    }));
    assert.deepEqual(byKey(listed), byKey(source.storageKeys()));
  });

  it('names every environment variable that Looker Auth sets or removes in a terminal', () => {
    const names = /\bLOOKER(?:SDK)?_[A-Z][A-Z_]*\b/g;
    const written = [...source.all(ts.isStringLiteralLike), ...source.all(ts.isIdentifier)];
    const used = written
      .filter((one) => one.getSourceFile().fileName.endsWith('/broker/environment.ts'))
      .flatMap((one) => one.text.match(names) ?? []);
    assert.deepEqual(sorted(text.match(names) ?? []), sorted(used));
  });

  it('states how many connections skip certificate verification, and src opens no others', () => {
    const found = source.callsIntoNode(...NETWORK).map(({ name, call }) => {
      const where = path.relative(ROOT, call.getSourceFile().fileName).replaceAll(path.sep, '/');
      return `${where}: ${name}, ${verifies(call)}`;
    });
    assert.deepEqual(found.sort(), CONNECTIONS);
    assert.match(text, /Two connections are made without verification/);
  });

  it('is right that requests are verified: node-fetch gets only the https module that verifies', () => {
    const importers = [...source.all(ts.isStringLiteral)]
      .filter((literal) => literal.text === 'node-fetch')
      .map((literal) => path.relative(ROOT, literal.getSourceFile().fileName));
    assert.deepEqual(importers, [path.join('src', 'extension.ts')]);
    const bundled = Object.entries(buildForUsers().inputs).filter(([file]) =>
      file.includes('node_modules/node-fetch/'),
    );
    const https = bundled
      .flatMap(([, { imports }]) => imports)
      .filter(({ original, path: to }) => /^(node:)?https$/.test(original ?? to));
    assert.deepEqual(
      https.map(({ path: to }) => to),
      ['src/looker/tls/verifiedHttps.ts'],
    );
  });

  it('is right about NODE_TLS_REJECT_UNAUTHORIZED: src neither reads nor sets it', () => {
    const named = [...source.all(ts.isStringLiteralLike), ...source.all(ts.isIdentifier)].filter(
      (node) => node.text.includes('REJECT_UNAUTHORIZED'),
    );
    assert.deepEqual(named, []);
    assert.match(text, /`NODE_TLS_REJECT_UNAUTHORIZED=0`/);
  });

  it('rests on a complete list of the files in src that pass data out of Looker Auth', () => {
    const found = Object.keys(OUTLETS).map((name) => [name, source.filesCalling(name)]);
    assert.deepEqual(Object.fromEntries(found), OUTLETS);
    assert.deepEqual(
      UNUSED.filter((name) => source.filesCalling(name).length > 0),
      [],
    );
  });
});

/** Whether a call verifies certificates. Its `rejectUnauthorized` must be a literal and come last, to be final. */
function verifies({ arguments: given }: ts.CallExpression | ts.NewExpression): string {
  const options = given?.find(ts.isObjectLiteralExpression);
  const last = options?.properties.at(-1);
  const says = (kind: ts.SyntaxKind) =>
    last !== undefined &&
    ts.isPropertyAssignment(last) &&
    last.name.getText() === 'rejectUnauthorized' &&
    last.initializer.kind === kind;
  if (says(ts.SyntaxKind.TrueKeyword)) return 'verifies';
  if (says(ts.SyntaxKind.FalseKeyword)) return 'verifies nothing';
  return options ? 'does not say whether it verifies' : 'has no TLS';
}

function byKey(keys: readonly StorageKey[]): readonly StorageKey[] {
  return [...keys].sort((a, b) => a.key.localeCompare(b.key));
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
