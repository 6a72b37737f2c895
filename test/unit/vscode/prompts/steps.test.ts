import assert from 'node:assert/strict';
import { CanceledError } from '../../../../src/looker/errors/expectedError';
import { askInSteps, Back, type Step } from '../../../../src/vscode/prompts/steps';

describe('a flow in steps', () => {
  /** Steps that answer as told, and what was asked of them. */
  const script = (...answers: ('ok' | 'back' | 'esc')[]) => {
    const asked: string[] = [];
    const step: Step = (place) => {
      asked.push(`${place.step}/${place.totalSteps}${place.canGoBack ? ' back' : ''}`);
      const answer = answers.shift();
      if (answer === 'back') return Promise.reject(new Back());
      if (answer === 'esc') return Promise.reject(new CanceledError());
      return Promise.resolve();
    };
    return { asked, steps: [step, step, step] };
  };

  it('asks one after the other, with a way back from the second on', async () => {
    const { asked, steps } = script('ok', 'ok', 'ok');
    await askInSteps('Log In', steps);
    assert.deepEqual(asked, ['1/3', '2/3 back', '3/3 back']);
  });

  it('asks the one before again on Back, and the first one anew', async () => {
    const { asked, steps } = script('ok', 'ok', 'back', 'back', 'back', 'ok', 'ok', 'ok');
    await askInSteps('Log In', steps);
    assert.deepEqual(
      asked.map((place) => place[0]),
      ['1', '2', '3', '2', '1', '1', '2', '3'],
    );
  });

  it('starts where it is told to', async () => {
    const { asked, steps } = script('ok', 'ok');
    await askInSteps('Log In', steps, { from: 1 });
    assert.deepEqual(asked, ['2/3 back', '3/3 back']);
  });

  it('ends on Esc', async () => {
    const { asked, steps } = script('ok', 'esc');
    await assert.rejects(askInSteps('Log In', steps), CanceledError);
    assert.equal(asked.length, 2);
  });
});
