import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { askText } from '../../../src/vscode/prompts/askText';
import { standalone } from '../../../src/vscode/prompts/steps';

/** An input box that the test types into. */
class FakeBox {
  value = '';
  busy = false;
  prompt = '';
  validationMessage: string | vscode.InputBoxValidationMessage | undefined;
  readonly typed = new vscode.EventEmitter<string>();
  readonly entered = new vscode.EventEmitter<void>();
  readonly onDidChangeValue = this.typed.event;
  readonly onDidAccept = this.entered.event;
  readonly onDidHide = new vscode.EventEmitter<void>().event;
  readonly onDidTriggerButton = new vscode.EventEmitter<vscode.QuickInputButton>().event;
  show(): void {
    // It is there.
  }
  dispose(): void {
    // It is gone.
  }

  type(text: string): void {
    this.value = text;
    this.typed.fire(text);
  }

  enter(text: string): void {
    this.type(text);
    this.entered.fire();
  }
}

describe('a text prompt', () => {
  const { createInputBox } = vscode.window;
  let box: FakeBox;
  beforeEach(() => {
    box = new FakeBox();
    vscode.window.createInputBox = () => box as unknown as vscode.InputBox;
  });
  afterEach(() => {
    vscode.window.createInputBox = createInputBox;
  });

  /** Checks that the test completes, by the entered text. */
  const slowly = () => {
    const answers = new Map<string, (accepted: string | undefined) => void>();
    const accept = (typed: string) =>
      new Promise<string | undefined>((answer) => answers.set(typed, answer));
    return { answers, accept };
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

  it('takes the last text, even if an earlier one is accepted in the meantime', async () => {
    const { answers, accept } = slowly();
    const asking = askText({ place: standalone(''), content: () => ({ prompt: '' }), accept });
    box.enter('old');
    box.type('new');
    answers.get('old')?.('old');
    await settled();
    box.enter('new');
    assert.equal(box.busy, true);
    answers.get('new')?.('new');
    assert.equal(await asking, 'new');
  });

  it('shows no error for an earlier text', async () => {
    let fail: ((error: Error) => void) | undefined;
    const accept = (typed: string) =>
      typed === 'new' ? typed : new Promise<string>((_resolve, reject) => (fail = reject));
    const asking = askText({ place: standalone(''), content: () => ({ prompt: '' }), accept });
    box.enter('old');
    box.type('new');
    fail?.(new Error('The old one is wrong.'));
    await settled();
    assert.equal(box.validationMessage, undefined);
    box.enter('new');
    assert.equal(await asking, 'new');
  });

  it('shows no links or icons from its content', async () => {
    const hostile = '[a](command:b) $(check)';
    const plain = '[a] (command:b) $ (check)';
    const asking = askText({
      place: standalone(''),
      content: () => ({
        prompt: hostile,
        note: { message: hostile, severity: vscode.InputBoxValidationSeverity.Info },
      }),
      error: hostile,
      accept: (typed) => typed,
    });
    assert.equal(box.prompt, plain);
    assert.equal(box.validationMessage, plain);
    box.enter('a');
    assert.equal((box.validationMessage as unknown as { message: string }).message, plain);
    await asking;
  });
});
