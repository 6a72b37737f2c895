import assert from 'node:assert/strict';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { ROOT } from '../../../support/buildExtension';
import { formatAge } from '../../../../src/vscode/text/age';
import { formatShortDuration, formatDuration } from '../../../../src/vscode/text/duration';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('spans', () => {
  const spans: [ms: number, short: string, spoken: string][] = [
    [-1, 'expired', 'less than a minute'],
    [0, 'expired', 'less than a minute'],
    [59 * SECOND, '<1m', 'less than a minute'],
    [MINUTE, '1m', '1 minute'],
    [52 * MINUTE + 59 * SECOND, '52m', '52 minutes'],
    [HOUR, '1h', '1 hour'],
    [HOUR + 5 * MINUTE, '1h 5m', '1 hour 5 minutes'],
    [47 * HOUR + MINUTE, '47h 1m', '47 hours 1 minute'],
    [72 * HOUR, '3d', '3 days'],
  ];
  for (const [ms, short, spoken] of spans) {
    it(`of ${ms} ms are ${short}, and in sentences ${spoken}`, () => {
      assert.equal(formatShortDuration(ms), short);
      assert.equal(formatDuration(ms), spoken);
    });
  }

  const ages: [ms: number, spoken: string][] = [
    [-HOUR, 'less than an hour ago'],
    [59 * MINUTE, 'less than an hour ago'],
    [HOUR + 59 * MINUTE, '1 hour ago'],
    [47 * HOUR, '47 hours ago'],
    [72 * HOUR, '3 days ago'],
  ];
  for (const [ms, spoken] of ages) {
    it(`since ${ms} ms ago are ${spoken}`, () => {
      assert.equal(formatAge(ms), spoken);
    });
  }

  describe('in Portuguese', () => {
    before(() => {
      l10n.config({ fsPath: path.join(ROOT, 'l10n', 'bundle.l10n.pt-br.json') });
    });
    after(() => {
      l10n.config({ contents: {} });
    });

    it('have the Portuguese forms', () => {
      assert.equal(formatShortDuration(HOUR + 5 * MINUTE), '1 h 5 min');
      assert.equal(formatDuration(HOUR + 5 * MINUTE), '1 hora 5 minutos');
      assert.equal(formatAge(5 * HOUR), 'há 5 horas');
    });
  });
});
