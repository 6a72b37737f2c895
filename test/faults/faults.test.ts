import { runCell } from './cell';
import { MOMENTS } from './moments';
import { FAULTS } from './table';

describe('faults', () => {
  for (const row of FAULTS) {
    describe(row.fault, () => {
      for (const moment of MOMENTS.filter((moment) => row.cells[moment])) {
        it(moment, () => runCell(row, moment));
      }
    });
  }
});
