import * as vscode from 'vscode';
import type { Disposable, Event } from '../../accounts/emitter';
import { press, showPrompt, titleButtons, type PromptButton } from './showPrompt';
import type { Place } from './steps';

/** A line to choose, with what choosing it means. */
export interface Choice<Answer> extends vscode.QuickPickItem {
  /** Names the line when the lines are made anew, so that the one in focus stays in focus. Its label by default. */
  readonly key?: string;
  /** A line without an answer, and without `choose`, cannot be chosen. */
  readonly answer?: Answer;
  /** Chosen, does this and leaves the prompt open. */
  readonly choose?: () => void;
  /** Shown on the line itself. */
  readonly buttons?: readonly PromptButton<Answer>[];
}

/** One question with answers to choose from. */
export interface PickQuestion<Answer> {
  readonly place: Place;
  readonly placeholder: string;
  /** What there is to choose; may depend on what is typed. VS Code filters them by it too. */
  readonly choices: readonly Choice<Answer>[] | ((typed: string) => readonly Choice<Answer>[]);
  /** Fires when there is something else to choose while the question is open. */
  readonly onDidChange?: Event<unknown>;
  /** Whether something is under way that brings other choices; asked again with them. */
  readonly isBusy?: () => boolean;
  /** Shown in the title. */
  readonly buttons?: readonly PromptButton<Answer>[];
  /**
   * Choices found for what is typed, asked for after each pause in typing, and shown before the others. While
   * the answer is under way nothing found for older typing is left to choose by mistake.
   */
  readonly search?: (typed: string, signal: AbortSignal) => Promise<readonly Choice<Answer>[]>;
}

/** Long enough that a typed word is one search, short enough to feel immediate. */
const PAUSE_IN_TYPING_MS = 200;

/** Asks to choose. @throws CancelledError on Esc; Back */
export async function pick<Answer>(question: PickQuestion<Answer>): Promise<Answer> {
  const { choices, search } = question;
  const box = vscode.window.createQuickPick<Choice<Answer>>();
  box.placeholder = question.placeholder;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.keepScrollPosition = true;
  box.buttons = titleButtons(question.place, question.buttons);
  let found: readonly Choice<Answer>[] = [];
  const show = () => {
    const typed = box.value.trim();
    const others = typeof choices === 'function' ? choices(typed) : choices;
    showLines(box, [...found, ...others]);
    if (question.isBusy) box.busy = question.isBusy();
  };
  show();
  const changes = question.onDidChange?.(show);
  if (search || typeof choices === 'function') {
    box.onDidChangeValue(() => {
      found = [];
      show();
    });
  }
  const searching =
    search &&
    liveSearch(box, search, (choices) => {
      found = choices;
      show();
    });
  try {
    return await showPrompt<Answer>(box, question.place, (ending) => {
      box.onDidAccept(() => {
        const [chosen] = box.selectedItems;
        if (chosen?.answer !== undefined) ending.answer(chosen.answer);
        else chosen?.choose?.();
      });
      box.onDidTriggerItemButton(({ button }) => void press(button, ending));
    });
  } finally {
    changes?.dispose();
    searching?.dispose();
  }
}

/** Shows these lines; the one in focus stays in focus where it is still among them. */
function showLines<Answer>(
  box: vscode.QuickPick<Choice<Answer>>,
  lines: readonly Choice<Answer>[],
): void {
  const focus = box.activeItems[0];
  box.items = lines;
  const again = focus && lines.find((line) => keyOf(line) === keyOf(focus));
  if (again) box.activeItems = [again];
}

function keyOf<Answer>({ key, label }: Choice<Answer>): string {
  return key ?? label;
}

/** Asks for what is typed; an answer to older typing is dropped. */
function liveSearch<Answer>(
  box: vscode.QuickPick<Choice<Answer>>,
  search: NonNullable<PickQuestion<Answer>['search']>,
  show: (found: readonly Choice<Answer>[]) => void,
): Disposable {
  let running = new AbortController();
  let pause: NodeJS.Timeout | undefined;
  const stop = () => {
    clearTimeout(pause);
    running.abort();
  };
  const start = async () => {
    const { signal } = (running = new AbortController());
    box.busy = true;
    // Why there is no answer is shown where it would be; typing on tries again.
    const found = await search(box.value.trim(), signal).catch((error: unknown) => [sayWhy(error)]);
    if (signal.aborted) return;
    show(found);
    box.busy = false;
  };
  box.onDidChangeValue(() => {
    stop();
    box.busy = true;
    pause = setTimeout(() => void start(), PAUSE_IN_TYPING_MS);
  });
  void start();
  return { dispose: stop };
}

function sayWhy(error: unknown): Choice<never> {
  const message = error instanceof Error ? error.message : String(error);
  return { label: '$(error) No answer', detail: message, alwaysShow: true };
}
