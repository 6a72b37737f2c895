import * as vscode from 'vscode';
import type { Disposable, Event } from '../../base/emitter';
import { press, showPrompt, titleButtons, type PromptButton } from './showPrompt';
import type { StepContext } from './steps';

/** A line to choose, with its answer. */
export interface Choice<Answer> extends vscode.QuickPickItem {
  /** Identifies the line when the list changes, so that it stays in focus. By default, its label. */
  readonly key?: string;
  /** A line without an answer and without `choose` can't be chosen. */
  readonly answer?: Answer;
  /** Called when the line is chosen; the list stays open. */
  readonly choose?: () => void;
  /** Shown on the line itself. */
  readonly buttons?: readonly PromptButton<Answer>[];
}

/** One question with answers to choose from. */
export interface PickQuestion<Answer> {
  readonly place: StepContext;
  readonly placeholder: string;
  /** The lines, which may depend on the text. VS Code also filters them by it. */
  readonly choices: readonly Choice<Answer>[] | ((typed: string) => readonly Choice<Answer>[]);
  /** Fires when the lines change while the list is open. */
  readonly onDidChange?: Event<unknown>;
  /** Whether more lines are being loaded; called again with each change. */
  readonly isBusy?: () => boolean;
  /** Shown in the title. */
  readonly buttons?: readonly PromptButton<Answer>[];
  /** The initial text. */
  readonly value?: string;
  /** Called for each change of the text. A returned text replaces it. */
  readonly read?: (typed: string) => string | undefined;
  /** Key of the line that has the focus at first; by default, the first one. */
  readonly focus?: string | undefined;
  /**
   * Searches for the text, at first and after each pause in typing. The signal is aborted when the user types on, or
   * the list closes. Never fails: its results and errors are among the lines.
   */
  readonly search?: (typed: string, signal: AbortSignal) => Promise<void>;
}

/** Long enough that a typed word is one search, short enough to feel immediate. */
const PAUSE_IN_TYPING_MS = 200;

/** Lets the user choose a line. @throws CanceledError on Esc; Back */
export async function pick<Answer>(question: PickQuestion<Answer>): Promise<Answer> {
  const { choices, search } = question;
  const box = vscode.window.createQuickPick<Choice<Answer>>();
  box.placeholder = question.placeholder;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.keepScrollPosition = true;
  box.buttons = titleButtons(question.place, question.buttons);
  box.value = question.value ?? '';
  const lines = () => (typeof choices === 'function' ? choices(box.value.trim()) : choices);
  const show = () => {
    showLines(box, lines());
    if (question.isBusy) box.busy = question.isBusy();
  };
  show();
  const focus = box.items.find((line) => keyOf(line) === question.focus);
  if (focus) box.activeItems = [focus];
  const changes = question.onDidChange?.(show);
  if (typeof choices === 'function') {
    // If typing changes the lines, VS Code moves the focus to the best match. It mustn't do so if the lines stay the
    // same, since the user may have moved the focus.
    box.onDidChangeValue(() => {
      const instead = question.read?.(box.value);
      if (instead !== undefined) box.value = instead;
      const next = lines();
      if (JSON.stringify(next) !== JSON.stringify(box.items)) box.items = next;
    });
  }
  const searching = search && liveSearch(box, search);
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

/**
 * Shows these lines. The line in focus keeps the focus if it is still there; otherwise the line in its place gets it.
 */
function showLines<Answer>(
  box: vscode.QuickPick<Choice<Answer>>,
  lines: readonly Choice<Answer>[],
): void {
  const focus = box.activeItems[0];
  const place = focus ? box.items.indexOf(focus) : -1;
  box.items = lines;
  const again = focus && lines.find((line) => keyOf(line) === keyOf(focus));
  const next = again ?? lines[place];
  if (next && next.kind !== vscode.QuickPickItemKind.Separator) box.activeItems = [next];
}

function keyOf<Answer>({ key, label }: Choice<Answer>): string {
  return key ?? label;
}

/** Searches for the latest text only. */
function liveSearch<Answer>(
  box: vscode.QuickPick<Choice<Answer>>,
  search: NonNullable<PickQuestion<Answer>['search']>,
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
    await search(box.value.trim(), signal);
    if (!signal.aborted) box.busy = false;
  };
  box.onDidChangeValue(() => {
    stop();
    box.busy = true;
    pause = setTimeout(() => void start(), PAUSE_IN_TYPING_MS);
  });
  void start();
  return { dispose: stop };
}
