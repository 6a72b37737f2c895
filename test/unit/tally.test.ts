import assert from 'node:assert/strict';

import { parseFailedFiles, parseFailures, parseTally, subtract } from '../support/tally';

const OUTPUT = `
  a login
    ✔ says "1 passed, 2 failed, 3 skipped"
    1) shows who

  1 passing (2ms)
  1 failing

  1) a login
       shows who:
     Error: nobody

  1 failed at first

  1) a login
       logs in:
     Error: late

test/ui/login.test.ts: 1 passed, 1 failed, 0 skipped
7 passed, 1 failed, 2 skipped
`;

describe("the output of a layer's tests", () => {
  it('has the tally in its last line of that form', () => {
    assert.deepEqual(parseTally(OUTPUT), { passed: 7, failed: 1, skipped: 2 });
    assert.equal(parseTally('killed'), undefined);
  });

  it('has a tally for each file with failed tests, which can be subtracted', () => {
    const failed = parseFailedFiles(OUTPUT);
    assert.deepEqual(
      [...failed],
      [['test/ui/login.test.ts', { passed: 1, failed: 1, skipped: 0 }]],
    );
    assert.deepEqual([...failed.values()].reduce(subtract, { passed: 7, failed: 1, skipped: 2 }), {
      passed: 6,
      failed: 0,
      skipped: 2,
    });
  });

  it('lists the tests that failed, and those that failed only the first time, even if it is cut off', () => {
    for (const output of [OUTPUT, OUTPUT.slice(0, OUTPUT.indexOf('test/ui'))]) {
      const [list, ...others] = parseFailures(output);
      assert.match(
        list ?? '',
        /^ {2}1 failing\n[^]*Error: nobody[^]*1 failed at first[^]*Error: late$/,
      );
      assert.deepEqual(others, []);
    }
    assert.deepEqual(parseFailures(OUTPUT.repeat(2)).length, 2);
    assert.deepEqual(parseFailures('1 passed, 0 failed, 0 skipped'), []);
  });
});
