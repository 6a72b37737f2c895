import assert from 'node:assert/strict';
import { STEPS, type CheckStep } from '../../../../src/diagnostics/checkStep';
import { checkLines, checkReport } from '../../../../src/vscode/diagnostics/checkContent';

const asked = 'https://acme.looker.com';
const url: CheckStep = { name: 'url', outcome: 'passed', ms: 1, sentence: 'Fine.' };
const dns: CheckStep = {
  name: 'dns',
  outcome: 'failed',
  ms: 42,
  sentence: 'No such host a.b. Check it.',
  verdict: 'VPN or DNS.',
};
const tcp: CheckStep = { name: 'tcp', outcome: 'skipped', ms: 0, sentence: 'Not tried.' };
const where = {
  product: '1.2.3',
  vscode: '1.105.0',
  system: 'Linux',
  remote: undefined,
  time: new Date(0),
};

describe('the list of a check', () => {
  it('has a line for each step from the start, and shows which one is running', () => {
    const running: CheckStep = { name: 'proxy', outcome: 'running', ms: 0, sentence: '' };
    const { verdict, steps } = checkLines({ asked, steps: [url, running], isDone: false });
    assert.match(verdict.label, /^\$\(loading~spin\) Checking https:\/\/acme\.looker\.com…$/);
    assert.deepEqual(
      steps.map(({ key }) => key),
      STEPS,
    );
    assert.deepEqual(
      steps.slice(0, 3).map(({ label, description }) => `${label}: ${description}`),
      [
        '$(pass) Instance URL: passed, 1 ms',
        '$(loading~spin) Proxy: running',
        '$(circle-outline) Name (DNS): pending',
      ],
    );
  });

  it('says what to do only at the end, and only if something needs to be done', () => {
    const unfinished = checkLines({ asked, steps: [url, dns], isDone: false });
    assert.equal(unfinished.verdict.detail, undefined);
    for (const steps of [[url], [url, { ...dns, sentence: 'No such host a.b.' }]]) {
      assert.equal(checkLines({ asked, steps, isDone: true }).verdict.detail, undefined);
    }
  });

  it("doesn't repeat what to do if the verdict says it already", () => {
    const verdict = 'The name is unknown. Check your VPN.';
    const steps = [url, { ...dns, verdict }];
    const shown = checkLines({ asked, steps, isDone: true }).verdict;
    assert.equal(shown.label, '$(error) The name is unknown.');
    assert.equal(shown.detail, 'Check your VPN.');
  });

  it('ends with what is wrong, and says in words how each step went', () => {
    const { verdict, steps } = checkLines({ asked, steps: [url, dns, tcp], isDone: true });
    assert.equal(verdict.label, '$(error) VPN or DNS.');
    assert.equal(verdict.detail, 'Check it.');
    const [, , itsDns, itsTcp] = steps;
    assert.deepEqual([itsDns?.description, itsDns?.detail], ['failed, 42 ms', 'No such host a.b.']);
    assert.equal(itsTcp?.description, 'Skipped. Not tried.');
  });
});

describe('the report of a check', () => {
  it('has the environment, the verdict, and the outcome of each step', () => {
    const report = checkReport({ asked, steps: [url, dns, tcp], isDone: true }, where);
    assert.deepEqual(report.split('\n'), [
      '# Looker Auth: connection check',
      '',
      '**VPN or DNS.**',
      '',
      '- Looker Auth 1.2.3, VS Code 1.105.0',
      '- System: Linux',
      '- Window: local',
      '- Checked at 1970-01-01T00:00:00.000Z',
      '',
      '1. Instance URL: passed, 1 ms',
      '   - Fine.',
      '2. Name (DNS): failed, 42 ms',
      '   - No such host a.b. Check it.',
      '3. Connection (TCP): skipped, 0 ms',
      '   - Not tried.',
      '',
    ]);
  });

  it('has no verdict before the end', () => {
    const report = checkReport({ asked, steps: [url], isDone: false }, where);
    assert.match(report, /^\*\*The check hasn't finished\.\*\*$/m);
  });

  it('names the kind of remote window', () => {
    const remote = checkReport(
      { asked, steps: [url], isDone: true },
      { ...where, remote: 'ssh-remote' },
    );
    assert.match(remote, /^- Window: remote \(ssh-remote\)$/m);
  });

  it('contains text from servers only as text', () => {
    const sentence = '![x](https://evil.example) <img src=x> `a` | b';
    const report = checkReport({ asked, steps: [{ ...url, sentence }], isDone: true }, where);
    assert.ok(report.includes('!\\[x\\](https://evil.example) \\<img src=x\\> \\`a\\` \\| b'));
  });
});
