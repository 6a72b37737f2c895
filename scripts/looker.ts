import { X509Certificate } from 'node:crypto';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { makeTrouble, TROUBLE } from '../test/standIn/trouble';
import { type Person, StandInLooker, type StandInOptions } from '../test/standIn/standInLooker';
import { parseNumber } from './commandLine';

const USAGE = `Runs a stand-in Looker on this machine until Ctrl+C.

  npm run looker -- [options]

  --port <number>        where to listen; 0 takes any free port (4400)
  --https                with a self-signed certificate
  --token-life <s>       how long its tokens live (3600)
  --release <x.y.z>      the Looker release to be (26.12.3)
  --oauth                log in with the browser, as grace@example.com say, once an admin has set it up
  --google-cloud-core    sudo as Looker (Google Cloud core) allows it
  --json                 prints where it is and its API keys as one line of JSON, and nothing else
  --help                 this text

While it runs, it takes these commands, a line each:

${TROUBLE}
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4400' },
      https: { type: 'boolean', default: false },
      'token-life': { type: 'string', default: '3600' },
      release: { type: 'string' },
      oauth: { type: 'boolean', default: false },
      'google-cloud-core': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const options: StandInOptions = {
    port: parseNumber('--port', values.port),
    https: values.https,
    tokenLife: parseNumber('--token-life', values['token-life']),
    googleCloudCore: values['google-cloud-core'],
    oauth: { isThere: values.oauth },
    ...(values.release !== undefined && { release: values.release }),
  };
  await run(options, values.json ? toJson : describe);
}

async function run(
  options: StandInOptions,
  toText: (looker: StandInLooker) => string,
): Promise<void> {
  const looker = await StandInLooker.start(options);
  process.stdout.write(`${toText(looker)}\n`);
  const lines = createInterface(process.stdin);
  lines.on('line', (line) => {
    // What it answers is for people: what a test reads from the standard output is one line.
    process.stderr.write(`${makeTrouble(looker, line)}\n`);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      lines.close();
      void looker.stop();
    });
  }
}

function describe(looker: StandInLooker): string {
  const lines = [`Looker is at ${looker.baseUrl}`];
  if (looker.certificate !== undefined) {
    lines.push(`SHA-256 fingerprint ${new X509Certificate(looker.certificate).fingerprint256}`);
  }
  const howOn = 'Type help to see what can go wrong here. Ctrl+C stops it.';
  return [...lines, '', ...table(looker.people.map(row)), '', howOn].join('\n');
}

function toJson({ baseUrl, certificate, people }: StandInLooker): string {
  const keys = people.flatMap(({ displayName, apiKey }) =>
    apiKey ? { name: displayName, ...apiKey } : [],
  );
  return JSON.stringify({ baseUrl, certificate, apiKeys: keys });
}

function row(person: Person): readonly string[] {
  const kind = [
    ...person.roles,
    ...(person.isServiceAccount ? ['service account'] : []),
    ...(person.isDisabled ? ['disabled'] : []),
  ];
  const { clientId = '-', clientSecret = '-' } = person.apiKey ?? {};
  return [String(person.id), person.displayName, kind.join(', '), clientId, clientSecret];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const all = [['Id', 'Name', 'Role', 'Client ID', 'Client secret'], ...rows];
  const widthOf = (column: number) => Math.max(...all.map((row) => row[column]?.length ?? 0));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widthOf(column)))
      .join('  ')
      .trimEnd(),
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
