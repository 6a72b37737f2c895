import * as vscode from 'vscode';

/** The user's answer to the next prompt. */
export type Answer =
  /** Types this and presses Enter. `Esc` presses Esc, `Back` the Back button. */
  | string
  /** Types, if needed, and chooses the line that matches. */
  | { readonly choose: RegExp; readonly type?: string }
  /** Waits until the box shows this, then types and presses Enter. */
  | { readonly seeing: RegExp; readonly type: string }
  /** Checks exactly these lines, and presses Enter. */
  | { readonly tick: RegExp }
  /** Presses a button by its tooltip: on the line that matches, else in the title. */
  | { readonly press: RegExp; readonly on?: RegExp }
  /** Types this once it resolves, and presses Enter. */
  | { readonly typing: Promise<string> }
  /** Does nothing, since something else ends the prompt. */
  | { readonly leave: 'open' };

/** The state of a prompt when it was answered. */
export interface SeenPrompt {
  readonly title: string | undefined;
  readonly asks: string | undefined;
  readonly error: string | undefined;
  /** The note in the box without an error. */
  readonly note: string | undefined;
  /** The text in the box. */
  readonly value: string;
  readonly isPassword: boolean;
  /** Label and description of each line to choose. */
  readonly lines: readonly string[];
  /** The detail of each line. */
  readonly details: readonly string[];
  /** Labels of the checked lines. */
  readonly ticked: readonly string[];
}

/** A dialog that was shown. */
export interface SeenDialog {
  readonly question: string;
  readonly detail: string | undefined;
  /** In order: Enter presses the first. */
  readonly buttons: readonly string[];
}

/**
 * A user who answers prompts and messages as scripted, one answer per prompt. It replaces functions of `vscode.window`,
 * since windows that run tests show no dialogs; the UI tests cover the real prompts with a real keyboard.
 */
export class ScriptedUser implements vscode.Disposable {
  readonly prompts: SeenPrompt[] = [];
  /** The text of messages and dialogs. */
  readonly messages: string[] = [];
  readonly dialogs: SeenDialog[] = [];
  private isInWindow = true;
  private readonly comings = new vscode.EventEmitter<vscode.WindowState>();
  private prompt: FakePrompt | undefined;
  private readonly answers: Answer[] = [];
  private buttons: string[] = [];
  private readonly restore: () => void;

  constructor() {
    const {
      createInputBox,
      createQuickPick,
      showErrorMessage,
      showWarningMessage,
      showInformationMessage,
      onDidChangeWindowState,
    } = vscode.window;
    const state = Object.getOwnPropertyDescriptor(vscode.window, 'state') ?? {};
    this.restore = () => {
      Object.defineProperty(vscode.window, 'state', state);
      Object.assign(vscode.window, {
        createInputBox,
        createQuickPick,
        showErrorMessage,
        showWarningMessage,
        showInformationMessage,
        onDidChangeWindowState,
      });
    };
    Object.defineProperty(vscode.window, 'state', {
      ...state,
      get: () => ({ focused: this.isHere, active: true }),
    });
    const message = (text: string, ...rest: unknown[]) => {
      this.messages.push(text);
      const [options, ...names] = rest as [vscode.MessageOptions | undefined, ...string[]];
      if (options?.modal) {
        this.dialogs.push({ question: text, detail: options.detail, buttons: names });
      }
      const button = this.buttons.find((name) => rest.includes(name));
      return Promise.resolve(button);
    };
    Object.assign(vscode.window, {
      createInputBox: () => this.sitBefore(new FakePrompt()),
      createQuickPick: () => this.sitBefore(new FakePrompt()),
      showErrorMessage: message,
      showWarningMessage: message,
      showInformationMessage: message,
      onDidChangeWindowState: this.comings.event,
    });
  }

  /** Whether this window has the focus. */
  get isHere(): boolean {
    return this.isInWindow;
  }

  /** Removes or restores the focus, and notifies listeners. */
  set isHere(isHere: boolean) {
    this.isInWindow = isHere;
    this.comings.fire({ focused: isHere, active: isHere });
  }

  /** Queues answers for the next prompts. */
  answer(...answers: Answer[]): void {
    this.answers.push(...answers);
  }

  /** Presses this button in every message that has it. */
  press(button: string): void {
    this.buttons.push(button);
  }

  /** Leaves messages and dialogs open, until called to press the buttons again. */
  pressNothing(): { again(): void } {
    const before = this.buttons;
    this.buttons = [];
    return {
      again: () => {
        this.buttons = before;
      },
    };
  }

  /** Unused answers: a flow was shorter than the test expects. */
  get unused(): number {
    return this.answers.length + (this.prompt?.isLooking ? 1 : 0);
  }

  /** Presses Esc in the open prompt. */
  dismiss(): void {
    this.prompt?.hide();
  }

  dispose(): void {
    this.restore();
  }

  private sitBefore(prompt: FakePrompt): FakePrompt {
    this.prompt = prompt;
    prompt.onReady(() => {
      setTimeout(() => {
        this.act(prompt);
      }, 10);
    });
    prompt.onChosen(() => {
      this.goOn(prompt);
    });
    return prompt;
  }

  /** An open prompt waits for the next answer. */
  private goOn(prompt: FakePrompt): void {
    setTimeout(() => {
      if (!prompt.isDisposed) this.act(prompt);
    }, 50);
  }

  private act(prompt: FakePrompt): void {
    const [next] = this.answers;
    const sees =
      typeof next !== 'object' || !('seeing' in next) || next.seeing.test(prompt.note ?? '');
    if (!sees || prompt.isWaiting) {
      setTimeout(() => {
        if (!prompt.isDisposed) this.act(prompt);
      }, 10);
      return;
    }
    const answer = this.answers.shift() ?? 'Esc';
    this.prompts.push({
      title: prompt.title,
      asks: prompt.prompt ?? prompt.placeholder,
      error: prompt.refusal,
      note: prompt.note,
      value: prompt.value,
      isPassword: prompt.password,
      lines: prompt.items.map(lineOf),
      details: prompt.items.map(({ detail }) => detail ?? ''),
      ticked: prompt.canSelectMany ? prompt.selectedItems.map(({ label }) => label) : [],
    });
    if (answer === 'Esc') prompt.hide();
    else if (answer === 'Back') prompt.back();
    else if (typeof answer === 'string') prompt.enter(answer);
    else if ('seeing' in answer) prompt.enter(answer.type);
    else if ('choose' in answer) prompt.choose(answer.type, answer.choose);
    else if ('tick' in answer) prompt.tick(answer.tick);
    else if ('typing' in answer)
      void answer.typing.then((text) => {
        prompt.enter(text);
      });
    else if ('press' in answer) {
      prompt.press(answer.press, answer.on);
      this.goOn(prompt);
    }
  }
}

/** The part of InputBox and QuickPick that prompts use. */
class FakePrompt {
  title: string | undefined;
  prompt: string | undefined;
  placeholder: string | undefined;
  password = false;
  value = '';
  busy = false;
  isDisposed = false;
  keepScrollPosition = false;
  canSelectMany = false;
  selectedItems: vscode.QuickPickItem[] = [];
  activeItems: vscode.QuickPickItem[] = [];
  buttons: vscode.QuickInputButton[] = [];
  private readonly accepted = new vscode.EventEmitter<void>();
  private readonly typed = new vscode.EventEmitter<string>();
  private readonly hidden = new vscode.EventEmitter<void>();
  private readonly pressed = new vscode.EventEmitter<vscode.QuickInputButton>();
  private readonly pressedOnItem = new vscode.EventEmitter<
    vscode.QuickPickItemButtonEvent<vscode.QuickPickItem>
  >();
  private readonly selected = new vscode.EventEmitter<readonly vscode.QuickPickItem[]>();
  private readonly ready = new vscode.EventEmitter<void>();
  private readonly chosen = new vscode.EventEmitter<void>();
  private currentItems: readonly vscode.QuickPickItem[] = [];
  private message: string | vscode.InputBoxValidationMessage | undefined;
  private wanted: RegExp | undefined;

  readonly onDidAccept = this.accepted.event;
  readonly onDidChangeValue = this.typed.event;
  readonly onDidChangeSelection = this.selected.event;
  readonly onDidHide = this.hidden.event;
  readonly onDidTriggerButton = this.pressed.event;
  readonly onDidTriggerItemButton = this.pressedOnItem.event;
  /** Waits for the user: it was shown, or an answer wasn't accepted. */
  readonly onReady = this.ready.event;
  /** A line was chosen. Some lines leave the prompt open. */
  readonly onChosen = this.chosen.event;

  /** Only shows progress, so there is nothing to answer yet. */
  get isWaiting(): boolean {
    const [only, another] = this.items;
    return this.busy && only !== undefined && another === undefined && !('answer' in only);
  }

  /** The error for the text; a note doesn't count. */
  get refusal(): string | undefined {
    return typeof this.message === 'string' ? this.message : undefined;
  }

  get note(): string | undefined {
    return typeof this.message === 'object' ? this.message.message : undefined;
  }

  get validationMessage(): string | vscode.InputBoxValidationMessage | undefined {
    return this.message;
  }

  set validationMessage(message: string | vscode.InputBoxValidationMessage | undefined) {
    const isNew = message !== this.message;
    this.message = message;
    if (isNew && this.refusal !== undefined && this.value !== '' && this.isShown) this.ready.fire();
  }

  /** Whether the line to choose hasn't come yet. */
  get isLooking(): boolean {
    return this.wanted !== undefined;
  }

  get items(): readonly vscode.QuickPickItem[] {
    return this.currentItems;
  }

  set items(items: readonly vscode.QuickPickItem[]) {
    this.currentItems = items;
    this.chooseWanted();
  }

  private isShown = false;

  show(): void {
    this.isShown = true;
    this.ready.fire();
  }

  hide(): void {
    this.hidden.fire();
  }

  back(): void {
    this.pressed.fire(vscode.QuickInputButtons.Back);
  }

  /** In a list, Enter chooses the first line that matches the text. */
  enter(text: string): void {
    this.value = text;
    this.typed.fire(text);
    const left = this.items.find((item) => item.alwaysShow === true || lineOf(item).includes(text));
    this.selectedItems = left ? [left] : [];
    this.accepted.fire();
  }

  /** Chooses the line as soon as it is there, since some come from a search. */
  choose(text: string | undefined, line: RegExp): void {
    this.wanted = line;
    if (text !== undefined) {
      this.value = text;
      this.typed.fire(text);
    }
    this.chooseWanted();
  }

  tick(line: RegExp): void {
    this.selectedItems = this.items.filter((item) => line.test(lineOf(item)));
    this.selected.fire(this.selectedItems);
    this.accepted.fire();
  }

  press(name: RegExp, line: RegExp | undefined): void {
    const item = line && this.items.find((item) => line.test(lineOf(item)));
    const buttons = line ? (item?.buttons ?? []) : this.buttons;
    const button = buttons.find(({ tooltip }) => name.test(tooltip ?? ''));
    if (!button) throw new Error(`There is no button ${String(name)} on ${String(line)}.`);
    if (item) this.pressedOnItem.fire({ item, button });
    else this.pressed.fire(button);
  }

  dispose(): void {
    this.isDisposed = true;
    this.wanted = undefined;
  }

  private chooseWanted(): void {
    const { wanted } = this;
    const item = wanted && this.currentItems.find((item) => wanted.test(lineOf(item)));
    if (!item) return;
    this.wanted = undefined;
    this.selectedItems = [item];
    this.accepted.fire();
    this.chosen.fire();
  }
}

function lineOf({ label, description }: vscode.QuickPickItem): string {
  return [label, description].filter(Boolean).join(' ');
}
