import assert from 'node:assert/strict';
import { CanceledError } from '../../../../src/looker/errors/expectedError';
import { askInSteps, Back, type Step } from '../../../../src/vscode/prompts/steps';

describe('a flow in steps', () => {
  /** Steps with the given answers, and a record of the questions. */
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

  it('asks one step after the other, with Back from the second on', async () => {
    const { asked, steps } = script('ok', 'ok', 'ok');
    await askInSteps('Log In', steps);
    assert.deepEqual(asked, ['1/3', '2/3 back', '3/3 back']);
  });

  it('repeats the previous step on Back, or the first one', async () => {
    const { asked, steps } = script('ok', 'ok', 'back', 'back', 'back', 'ok', 'ok', 'ok');
    await askInSteps('Log In', steps);
    assert.deepEqual(
      asked.map((place) => place[0]),
      ['1', '2', '3', '2', '1', '1', '2', '3'],
    );
  });

  it('starts at the given step', async () => {
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
