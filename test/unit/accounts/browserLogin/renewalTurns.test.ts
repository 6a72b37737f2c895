import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UnsavedRenewalError } from '../../../../src/accounts/browserLogin/errors';
import {
  RenewalTurns,
  type Due,
  type RenewalTurnsOptions,
} from '../../../../src/accounts/browserLogin/renewalTurns';
import type { Owner } from '../../../../src/accounts/browserLogin/turn';
import { TurnFiles } from '../../../../src/accounts/browserLogin/turnFiles';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { BrowserLoginEndedError } from '../../../../src/looker/oauth/errors';
import type { OAuthTokens } from '../../../../src/looker/oauth/tokenEndpoint';

const LOGIN = 'https://acme.example#7 5d1c';

describe('file-based turns for renewing a browser login', () => {
  let folder: string;
  let now: number;
  let warnings: string[];
  let dead: Set<string>;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'turns-'));
    now = 0;
    warnings = [];
    dead = new Set();
  });
  afterEach(async () => {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  });

  const ownerOf = (run: string): Owner => ({ host: 'here', pid: 1, run });

  /** One window. Time passes only while it waits. */
  const windowOf = (run: string, options: Partial<RenewalTurnsOptions> = {}) =>
    new RenewalTurns({
      turns: new TurnFiles(path.join(folder, 'logins')),
      owner: ownerOf(run),
      isAlive: ({ run }) => !dead.has(run),
      uptime: () => now,
      pause: (ms) => {
        now += ms;
        return Promise.resolve();
      },
      timeoutMs: () => 30_000,
      log: { info: () => undefined, warn: (message) => warnings.push(message) },
      ...options,
    });

  /** A renewal of a window that stores the login in memory. */
  const renewal = (stored: { due: Due }, ask: (refreshToken: string) => Promise<OAuthTokens>) => ({
    read: () => Promise.resolve({ due: stored.due }),
    refresh: async (given: string) => {
      const { refreshToken = given, token } = await ask(given);
      return {
        refreshToken,
        store: (turn: number) => {
          stored.due = { refreshToken, turn };
          return Promise.resolve(token.value);
        },
      };
    },
  });
  const granting = (value: string, refreshToken?: string) => () =>
    Promise.resolve({ token: { value, issuedAt: 0, expiresAt: 0, clockAhead: 0 }, refreshToken });
  const initial = () => ({ due: { refreshToken: 'R0', turn: 0 } });
  const filesNow = async () => (await readdir(path.join(folder, 'logins'))).sort();

  it('are numbered, keep the last two files, and contain no token', async () => {
    const stored = initial();
    const window = windowOf('a');
    for (const value of ['T1', 'T2', 'T3', 'T4']) {
      await window.renewInTurn(LOGIN, renewal(stored, granting(value, `R-of-${value}`)));
    }
    assert.deepEqual(stored.due, { refreshToken: 'R-of-T4', turn: 4 });
    const files = await filesNow();
    assert.deepEqual(
      files.map((name) => name.replace(/^[\da-f]{32}/, '')),
      ['.3', '.4'],
    );
    for (const name of files) {
      const text = await readFile(path.join(folder, 'logins', name), 'utf8');
      assert.doesNotMatch(text, /R0|R-of|T\d|acme/);
    }
    assert.equal(now, 0);
    await window.forget(LOGIN);
    assert.deepEqual(await filesNow(), []);
  });

  it('record the new token before it is stored, so that no window takes the stored one for the latest', async () => {
    const turns = new TurnFiles(path.join(folder, 'logins'));
    await windowOf('a').renewInTurn(LOGIN, {
      ...renewal(initial(), granting('T1', 'R1')),
      refresh: () =>
        Promise.resolve({
          refreshToken: 'R1',
          store: async () => {
            const { isOver, renewedIn, rotatedIn } = (await turns.last(LOGIN)) ?? assert.fail();
            assert.deepEqual(
              { isOver, renewedIn, rotatedIn },
              { isOver: true, renewedIn: 1, rotatedIn: 1 },
            );
            return 'T1';
          },
        }),
    });
  });

  /** A window that disappears or hangs during its turn. */
  const beginAndStop = async (run: string) => {
    const stuck = windowOf(run).renewInTurn(
      LOGIN,
      renewal(initial(), () => new Promise(() => undefined)),
    );
    void stuck;
    while (!(await filesNow().catch(() => [])).length) await new Promise(setImmediate);
  };

  it('continue at once if a window disappeared during its turn', async () => {
    await beginAndStop('gone');
    dead.add('gone');
    assert.equal(await windowOf('b').renewInTurn(LOGIN, renewal(initial(), granting('T1'))), 'T1');
    assert.equal(now, 0);
  });

  it('wait for a running window, but no longer than its request may take', async () => {
    await beginAndStop('hangs');
    assert.equal(await windowOf('b').renewInTurn(LOGIN, renewal(initial(), granting('T1'))), 'T1');
    assert.ok(now > 60_000 && now < 70_000, String(now));
  });

  it("aren't blocked by the window's own unfinished turn", async () => {
    const window = windowOf('a');
    const never = window.renewInTurn(
      LOGIN,
      renewal(initial(), () => new Promise(() => undefined)),
    );
    void never;
    while (!(await filesNow().catch(() => [])).length) await new Promise(setImmediate);
    assert.equal(await windowOf('a').renewInTurn(LOGIN, renewal(initial(), granting('T1'))), 'T1');
    assert.equal(now, 0);
  });

  it("don't depend on a clock that can be set", async () => {
    const { now: dateNow } = Date;
    try {
      await beginAndStop('hangs');
      Date.now = () => dateNow() + 1e12;
      const late = windowOf('b').renewInTurn(LOGIN, renewal(initial(), granting('T1')));
      assert.equal(await late, 'T1');
      assert.ok(now > 60_000, 'a clock that is set forward ends no turn');
      now = 0;
      Date.now = () => 0;
      await windowOf('c').renewInTurn(
        LOGIN,
        renewal({ due: { refreshToken: 'R0', turn: 2 } }, granting('T2')),
      );
      assert.equal(now, 0, 'a clock that is set back holds nobody up');
    } finally {
      Date.now = dateNow;
    }
  });

  it('recover from a file that was only partly written', async () => {
    await windowOf('a').renewInTurn(LOGIN, renewal(initial(), granting('T1')));
    const [name = ''] = await filesNow();
    for (const text of ['', '{', '{"owner":{}}', 'null']) {
      await writeFile(path.join(folder, 'logins', name), text);
      now = 0;
      await windowOf('b').renewInTurn(
        LOGIN,
        renewal({ due: { refreshToken: 'R0', turn: 1 } }, granting('T')),
      );
      assert.ok(now > 60_000 && now < 70_000, String(now));
      for (const other of await filesNow()) {
        if (other !== name) await rm(path.join(folder, 'logins', other));
      }
    }
  });

  it("end when Looker can't be reached, so that others can try", async () => {
    const unreachable = () =>
      Promise.reject(new UnreachableError('https://acme.example', 'ECONNRESET'));
    await assert.rejects(
      windowOf('a').renewInTurn(LOGIN, renewal(initial(), unreachable)),
      UnreachableError,
    );
    assert.equal(await windowOf('b').renewInTurn(LOGIN, renewal(initial(), granting('T1'))), 'T1');
    assert.equal(now, 0);
  });

  it('wait until the window sees what another one has stored', async () => {
    await windowOf('a').renewInTurn(LOGIN, renewal(initial(), granting('T1', 'R1')));
    let used = '';
    const late: { due: Due } = initial();
    const lagging = windowOf('b', {
      pause: (ms) => {
        now += ms;
        if (now >= 4000) late.due = { refreshToken: 'R1', turn: 1 };
        return Promise.resolve();
      },
    });
    await lagging.renewInTurn(
      LOGIN,
      renewal(late, (refreshToken) => {
        used = refreshToken;
        return granting('T2', 'R2')();
      }),
    );
    assert.equal(used, 'R1');
    assert.ok(now < 5000);
  });

  it("never use an old token while a window that couldn't save the new one has it", async () => {
    const unsaved = initial();
    await windowOf('locked').renewInTurn(LOGIN, renewal(unsaved, granting('T1', 'R1')));
    const elsewhere = initial();
    const asked: string[] = [];
    const refresh = (refreshToken: string) => {
      asked.push(refreshToken);
      return granting('T2', 'R2')();
    };
    await assert.rejects(
      windowOf('b').renewInTurn(LOGIN, renewal(elsewhere, refresh)),
      UnsavedRenewalError,
    );
    // A later turn without a result doesn't hide it.
    const failing = () => Promise.reject(new UnreachableError('https://acme.example', undefined));
    await assert.rejects(
      windowOf('locked').renewInTurn(LOGIN, renewal(unsaved, failing)),
      UnreachableError,
    );
    await assert.rejects(
      windowOf('b').renewInTurn(LOGIN, renewal(elsewhere, refresh)),
      UnsavedRenewalError,
    );
    assert.deepEqual(asked, []);
    // Once that window is gone, the old token is the only one left.
    dead.add('locked');
    assert.equal(await windowOf('b').renewInTurn(LOGIN, renewal(elsewhere, refresh)), 'T2');
    assert.deepEqual(asked, ['R0']);
  });

  it('use the previous token once the window with the latest one is gone, whatever other windows have tried', async () => {
    await windowOf('gone').renewInTurn(LOGIN, renewal(initial(), granting('T1', 'R1')));
    dead.add('gone');
    const stored = initial();
    const failing = () => Promise.reject(new UnreachableError('https://acme.example', undefined));
    await assert.rejects(
      windowOf('b').renewInTurn(LOGIN, renewal(stored, failing)),
      UnreachableError,
    );
    assert.equal(await windowOf('c').renewInTurn(LOGIN, renewal(stored, granting('T2'))), 'T2');
  });

  it('use an old token if a later turn got no other refresh token, even while its window runs', async () => {
    const stored = initial();
    await windowOf('a').renewInTurn(LOGIN, renewal(stored, granting('T1', 'R1')));
    await windowOf('locked').renewInTurn(LOGIN, renewal({ ...stored }, granting('T2')));
    assert.equal(await windowOf('b').renewInTurn(LOGIN, renewal(stored, granting('T3'))), 'T3');
  });

  it('run one after the other in one window, too', async () => {
    const stored = initial();
    const window = windowOf('a');
    const asked: string[] = [];
    const rotating = async (given: string) => {
      asked.push(given);
      await new Promise(setImmediate);
      return granting(`T of ${given}`, `${given}+`)();
    };
    await Promise.all([1, 2, 3].map(() => window.renewInTurn(LOGIN, renewal(stored, rotating))));
    assert.deepEqual(asked, ['R0', 'R0+', 'R0++']);
  });

  it('use the same token again if Looker has sent no other', async () => {
    await windowOf('locked').renewInTurn(LOGIN, renewal(initial(), granting('T1')));
    assert.equal(await windowOf('b').renewInTurn(LOGIN, renewal(initial(), granting('T2'))), 'T2');
  });

  it("don't use a turn that took so long to begin that another window may have taken over", async () => {
    const turns = new TurnFiles(path.join(folder, 'logins'));
    const begin = turns.begin.bind(turns);
    turns.begin = async (login, turn) => {
      const isMine = await begin(login, turn);
      if (turn.number === 1) now += 20_000;
      return isMine;
    };
    const stored = initial();
    await windowOf('a', { turns }).renewInTurn(LOGIN, renewal(stored, granting('T1', 'R1')));
    assert.deepEqual(stored.due, { refreshToken: 'R1', turn: 2 });
  });

  it("aren't given to a window that has missed later turns", async () => {
    const files = new TurnFiles(path.join(folder, 'logins'));
    const turn = { owner: ownerOf('a'), isOver: true, renewedIn: 0, rotatedIn: 0 };
    assert.equal(await files.begin(LOGIN, { ...turn, number: 3 }), true);
    assert.equal(await files.begin(LOGIN, { ...turn, number: 1 }), false);
    assert.equal((await filesNow()).length, 1);
    assert.equal((await files.last(LOGIN))?.number, 3);
  });

  it('are begun by only one of many windows', async () => {
    const files = new TurnFiles(path.join(folder, 'logins'));
    const begun = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        files.begin(LOGIN, {
          number: 1,
          owner: ownerOf(String(index)),
          isOver: false,
          renewedIn: 0,
          rotatedIn: 0,
        }),
      ),
    );
    assert.equal(begun.filter(Boolean).length, 1);
  });

  it('are skipped if no file can be written: the window renews alone, warns once, and adopts what others store', async () => {
    await writeFile(path.join(folder, 'logins'), 'in the way');
    const window = windowOf('a');
    const stored = initial();
    assert.equal(await window.renewInTurn(LOGIN, renewal(stored, granting('T1', 'R1'))), 'T1');
    const ended = (given: string) => {
      if (given !== 'R1') return granting('T3', 'R3')();
      // Another window has used it, and its event arrives now.
      stored.due = { refreshToken: 'R2', turn: 2 };
      return Promise.reject(new BrowserLoginEndedError('https://acme.example', 400));
    };
    assert.equal(await window.renewInTurn(LOGIN, renewal(stored, ended)), 'T3');
    assert.equal(warnings.length, 1);
    await window.forget(LOGIN);
  });
});
