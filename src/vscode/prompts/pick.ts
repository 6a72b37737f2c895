import * as vscode from 'vscode';
import type { Disposable, Event } from '../../accounts/emitter';
import { press, showPrompt, titleButtons, type PromptButton } from './showPrompt';
import type { StepContext } from './steps';

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
  readonly place: StepContext;
  readonly placeholder: string;
  /** What there is to choose; may depend on what is typed. VS Code filters them by it too. */
  readonly choices: readonly Choice<Answer>[] | ((typed: string) => readonly Choice<Answer>[]);
  /** Fires when there is something else to choose while the question is open. */
  readonly onDidChange?: Event<unknown>;
  /** Whether something is under way that brings other choices; asked again with them. */
  readonly isBusy?: () => boolean;
  /** Shown in the title. */
  readonly buttons?: readonly PromptButton<Answer>[];
  /** What stands in the box at first. */
  readonly value?: string;
  /** Told of all typing at once. What it returns, if anything, takes the place of what is typed. */
  readonly read?: (typed: string) => string | undefined;
  /** Key of the line in focus at first; the first line by default. */
  readonly focus?: string | undefined;
  /**
   * Looks for what is typed, at first and after each pause in typing, until the signal is aborted by more
   * typing or the end. Never fails: what comes of it is among the choices.
   */
  readonly search?: (typed: string, signal: AbortSignal) => Promise<void>;
}

/** Long enough that a typed word is one search, short enough to feel immediate. */
const PAUSE_IN_TYPING_MS = 200;

/** Asks to choose. @throws CanceledError on Esc; Back */
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
    // If typing brings other lines, VS Code puts the best match in focus. It mustn't take the focus from a line that the
    // user has gone to meanwhile.
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
 * Shows these lines; the one in focus stays in focus where it is still among them, else the one that has come in
 * its place.
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

/** Searches for what is typed, and no longer for what was typed before. */
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
