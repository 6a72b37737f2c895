import { X509Certificate } from 'node:crypto';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { makeTrouble, TROUBLE } from '../test/standIn/trouble';
import { type Person, StandInLooker, type StandInOptions } from '../test/standIn/standInLooker';
import { parseNumber } from './commandLine';

const USAGE = `Runs a stand-in Looker on this machine until Ctrl+C.

  npm run looker -- [options]

  --port <number>        port to listen on; 0 uses any free port (4400)
  --https                serves HTTPS, with a self-signed certificate
  --token-life <s>       how long tokens are valid, in seconds (3600)
  --release <x.y.z>      the Looker release to simulate (26.12.3)
  --oauth                allows browser logins, for example as grace@example.com, once an admin has set them up
  --google-cloud-core    limits sudo like Looker (Google Cloud core) does
  --json                 prints only the URL and the API keys, as one line of JSON
  --help                 prints this text

While it runs, it accepts these commands, one per line:

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
    // To standard error, since a test reads only one line from standard output.
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
  const hint = 'Type help to see what can go wrong here. Press Ctrl+C to stop.';
  return [...lines, '', ...table(looker.people.map(row)), '', hint].join('\n');
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
  const all = [['ID', 'Name', 'Role', 'Client ID', 'Client secret'], ...rows];
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
