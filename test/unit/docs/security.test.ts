import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { buildForUsers } from '../../../bench/build';
import { ROOT } from '../../support/buildExtension';
import { Source, UNKNOWN, type StorageKey } from '../../support/source';

/** What puts something where others may find it, and the files of src that are known to. */
const OUTLETS = {
  writeText: [
    'src/vscode/commands/copyAccessToken.ts',
    'src/vscode/diagnostics/checkConnection.ts',
    'src/vscode/login/askHow.ts',
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

/** More of the kind, which nothing in src does. */
const UNUSED = [
  ...['writeFileSync', 'appendFileSync', 'createWriteStream', 'copyFile', 'rename'],
  ...['execSync', 'execFileSync', 'spawn', 'fork', 'sendText', 'setKeysForSync'],
  ...['createTelemetryLogger', 'postMessage'],
];

/** Node's modules that open connections. */
const NETWORK = ['http', 'http2', 'https', 'net', 'tls', 'dgram'];

/**
 * Each place that opens a connection. Of those without TLS one is a proxy's, one the port of an instance, and one that of
 * an instance of plain http.
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
  this.timeout(120_000); // the compiler reads all of src

  const text = readFileSync(path.join(ROOT, 'SECURITY.md'), 'utf8');
  let source: Source;

  before(() => {
    source = Source.product;
  });

  it('lists every key that something is stored under, and whether that is secret', () => {
    const rows = text.matchAll(/^\| `(lookerAuth\.[^`]+)` +\| (secret storage|[a-z]+ state) /gm);
    const listed = [...rows].map(([, key = '', where]): StorageKey => ({
      key: key.replace(/<[^>]+>/g, UNKNOWN),
      isSecret: where === 'secret storage',
    }));
    assert.deepEqual(byKey(listed), byKey(source.storageKeys()));
  });

  it('names every environment variable that a terminal gets or loses', () => {
    const names = /\bLOOKER(?:SDK)?_[A-Z][A-Z_]*\b/g;
    const written = [...source.all(ts.isStringLiteralLike), ...source.all(ts.isIdentifier)];
    const used = written
      .filter((one) => one.getSourceFile().fileName.endsWith('/broker/environment.ts'))
      .flatMap((one) => one.text.match(names) ?? []);
    assert.deepEqual(sorted(text.match(names) ?? []), sorted(used));
  });

  it('knows all of the connections, and on which of them no certificate is verified', () => {
    const found = source.callsIntoNode(...NETWORK).map(({ name, call }) => {
      const where = path.relative(ROOT, call.getSourceFile().fileName).replaceAll(path.sep, '/');
      return `${where}: ${name}, ${verifies(call)}`;
    });
    assert.deepEqual(found.sort(), CONNECTIONS);
    assert.match(text, /Two connections are made without verification/);
  });

  it('knows who has node-fetch, which gets no https but that which verifies', () => {
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

  it('says the truth of NODE_TLS_REJECT_UNAUTHORIZED: nothing reads or sets it', () => {
    const named = [...source.all(ts.isStringLiteralLike), ...source.all(ts.isIdentifier)].filter(
      (node) => node.text.includes('REJECT_UNAUTHORIZED'),
    );
    assert.deepEqual(named, []);
    assert.match(text, /`NODE_TLS_REJECT_UNAUTHORIZED=0`/);
  });

  it('knows all of the code that puts something where others may find it', () => {
    const found = Object.keys(OUTLETS).map((name) => [name, source.filesCalling(name)]);
    assert.deepEqual(Object.fromEntries(found), OUTLETS);
    assert.deepEqual(
      UNUSED.filter((name) => source.filesCalling(name).length > 0),
      [],
    );
  });
});

/** What a call that opens a connection says of certificates: explicitly, and last, so that no other option counts. */
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
