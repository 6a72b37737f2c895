import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { makeTrouble } from '../test/standIn/trouble';
import { StandInLooker, type StandInOptions } from '../test/standIn/standInLooker';
import { buildExtension, ROOT } from '../test/support/buildExtension';
import { Home } from '../test/support/home';
import { ServedVsCode } from '../test/support/servedVsCode';
import { parseNumber } from './commandLine';

const USAGE = `Runs the extension in a real VS Code, with a stand-in Looker to log in to, until Ctrl+C.

  npm start -- [options]

  --desktop            uses your desktop VS Code, if \`code\` is installed, instead of your browser
  --port <number>      port on which VS Code listens for your browser (any free port)
  --with <folder>      also loads another extension, which must be built; can be repeated
  --instance <url>     uses this instance instead of the stand-in
  --token-life <s>     how long the stand-in's tokens are valid, in seconds (3600)
  --https              the stand-in serves HTTPS, with a self-signed certificate
  --help               prints this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      desktop: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      with: { type: 'string', multiple: true, default: [] },
      instance: { type: 'string' },
      'token-life': { type: 'string', default: '3600' },
      https: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const port = parseNumber('--port', values.port);
  const tokenLife = parseNumber('--token-life', values['token-life']);

  await buildExtension();
  const extensions = [ROOT, ...values.with.map((folder) => path.resolve(folder))];
  const home = await Home.make({ extensions: values.desktop ? [] : extensions });
  const looker: readonly Fact[] =
    values.instance === undefined
      ? await startStandIn({ tokenLife, https: values.https }, home)
      : [['Looker', values.instance]];
  const vscode = values.desktop
    ? await startDesktop(home, extensions)
    : await startInBrowser(home, port);
  console.log(describe([vscode, ...looker]));
}

/** A line of the output: name and value. */
type Fact = readonly [name: string, value: string];

async function startInBrowser(home: Home, port: number): Promise<Fact> {
  const { origin, token } = await ServedVsCode.start({ home, port });
  return ['VS Code', `${origin}/?tkn=${token}`];
}

/** Opens the window, and stops everything when it is closed. */
async function startDesktop(home: Home, extensions: readonly string[]): Promise<Fact> {
  const args = [
    '--wait',
    '--new-window',
    '--user-data-dir',
    home.data,
    '--disable-workspace-trust',
  ];
  const developed = extensions.map((folder) => `--extensionDevelopmentPath=${folder}`);
  const isWindows = process.platform === 'win32';
  const quote = (arg: string) => (isWindows ? `"${arg}"` : arg);
  const code = spawn('code', [...args, ...developed, home.workspace].map(quote), {
    stdio: 'inherit',
    shell: isWindows, // code is a .cmd file there
  });
  await once(code, 'spawn').catch(() => {
    fail(
      '`code` was not found. In VS Code, run "Shell Command: Install \'code\' command in PATH".',
    );
  });
  code.once('exit', () => process.exit());
  return ['VS Code', 'opens on your desktop'];
}

async function startStandIn(options: StandInOptions, home: Home): Promise<readonly Fact[]> {
  const looker = await StandInLooker.start(options);
  const facts: Fact[] = [['Looker', looker.baseUrl]];
  if (looker.certificate !== undefined) {
    const file = path.join(home.folder, 'looker.pem');
    await writeFile(file, looker.certificate);
    facts.push(['Certificate', file]);
  }
  for (const [role, name] of [
    ['Admin', 'Ada Lovelace'],
    ['User', 'Grace Hopper'],
  ] as const) {
    const { clientId, clientSecret } = looker.apiKeyOf(name);
    facts.push(['', ''], [role, name], ['Client ID', clientId], ['Client secret', clientSecret]);
  }
  const ids = looker.people.map(({ id, displayName }) => `${id} ${displayName}`);
  facts.push(['', ''], ['All users', ids.join(', ')]);
  facts.push(['Trouble', 'Type help here to see what can go wrong in this Looker']);
  createInterface(process.stdin).on('line', (line) => {
    console.error(makeTrouble(looker, line));
  });
  return facts;
}

function describe(facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  const table = facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`.trimEnd());
  return [
    '',
    ...table,
    '',
    'In VS Code, press F1 and run "Looker: Log In…"; as an admin, then "Looker: Log In as User (Sudo)…".',
    'After a rebuild (npm run build), press F1 and run "Developer: Reload Window". Ctrl+C here stops everything.',
  ].join('\n');
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

main().catch((error: unknown) => {
  fail(error instanceof Error ? error.message : String(error));
});
