import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const SCRIPT = join(__dirname, '../../../scripts/looker.ts');

/** What `--json` prints. */
interface Printed {
  readonly baseUrl: string;
  readonly apiKeys: readonly { name: string; clientId: string; clientSecret: string }[];
}

describe('npm run looker', function () {
  this.timeout(20_000);
  let child: ChildProcessWithoutNullStreams;
  const run = (...args: string[]) => {
    child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...args], { stdio: 'pipe' });
  };
  afterEach(() => child.kill('SIGKILL'));

  it('prints its URL and its API keys, until Ctrl+C', async () => {
    run('--port', '0', '--token-life', '120');
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const baseUrl = /http:\/\/127\.0\.0\.1:\d+/.exec(String(printed))?.[0];
    const [, clientId, clientSecret] =
      /^1 +Ada Lovelace +admin +(\w{20}) +(\w{24})$/m.exec(String(printed)) ?? [];
    const response = await fetch(`${baseUrl}/api/4.0/login`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: String(clientId),
        client_secret: String(clientSecret),
      }),
    });
    assert.equal(((await response.json()) as { expires_in: number }).expires_in, 120);
    child.kill('SIGINT');
    // Windows has no signals: the process simply ends there.
    if (process.platform !== 'win32') assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('prints the fingerprint of its certificate', async () => {
    run('--port', '0', '--https');
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    assert.match(
      String(printed),
      /https:\/\/127\.0\.0\.1:\d+\nSHA-256 fingerprint (\w\w:){31}\w\w\n/,
    );
  });

  it('prints its URL as JSON, and follows commands that cause faults', async () => {
    run('--port', '0', '--json');
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const { baseUrl, apiKeys } = JSON.parse(String(printed)) as Printed;
    assert.deepEqual(
      apiKeys.map(({ name }) => name),
      ['Ada Lovelace', 'Grace Hopper', 'Nightly Export'],
    );
    const tell = async (command: string) => {
      child.stdin.write(`${command}\n`);
      const [answer] = (await once(child.stderr, 'data')) as [Buffer];
      return String(answer).trim();
    };
    const status = async () => (await fetch(`${baseUrl}/versions`)).status;
    assert.match(await tell('fail 503'), /503/);
    assert.equal(await status(), 503);
    await tell('well');
    assert.equal(await status(), 200);
  });

  it('prints its help', async () => {
    run('--help');
    assert.match(await text(child.stdout), /--google-cloud-core/);
  });

  it('refuses invalid options', async () => {
    run('--port', 'many');
    const [refusal, [status]] = await Promise.all([
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    assert.deepEqual([refusal, status], ['--port takes a whole number, not many.\n', 1]);
  });
});
