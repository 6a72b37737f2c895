import * as vscode from 'vscode';
import type { Disposable } from '../../accounts/emitter';
import { showPrompt } from './showPrompt';
import type { Place } from './steps';

/** A line to choose, with what choosing it means. */
export interface Choice<Answer> extends vscode.QuickPickItem {
  readonly answer?: Answer;
}

/** One question with answers to choose from. */
export interface PickQuestion<Answer> {
  readonly place: Place;
  readonly placeholder: string;
  /** What there is to choose; may depend on what is typed. VS Code filters them by it too. */
  readonly choices: readonly Choice<Answer>[] | ((typed: string) => readonly Choice<Answer>[]);
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
  const choicesFor = typeof choices === 'function' ? choices : () => choices;
  box.items = choicesFor('');
  if (search || typeof choices === 'function') {
    box.onDidChangeValue((typed) => {
      box.items = choicesFor(typed.trim());
    });
  }
  const searching = search && liveSearch(box, search, choicesFor);
  try {
    return await showPrompt<Answer>(box, question.place, ({ answer }) => {
      box.onDidAccept(() => {
        const chosen = box.selectedItems[0]?.answer;
        if (chosen !== undefined) answer(chosen);
      });
    });
  } finally {
    searching?.dispose();
  }
}

/** Adds what is found for what is typed; an answer to older typing is dropped. */
function liveSearch<Answer>(
  box: vscode.QuickPick<Choice<Answer>>,
  search: NonNullable<PickQuestion<Answer>['search']>,
  choicesFor: (typed: string) => readonly Choice<Answer>[],
): Disposable {
  let running = new AbortController();
  let pause: NodeJS.Timeout | undefined;
  const stop = () => {
    clearTimeout(pause);
    running.abort();
  };
  const start = async () => {
    const { signal } = (running = new AbortController());
    const typed = box.value.trim();
    box.busy = true;
    // Why there is no answer is shown where it would be; typing on tries again.
    const found = await search(typed, signal).catch((error: unknown) => [sayWhy(error)]);
    if (signal.aborted) return;
    box.items = [...found, ...choicesFor(typed)];
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

function sayWhy(error: unknown): vscode.QuickPickItem {
  const message = error instanceof Error ? error.message : String(error);
  return { label: '$(error) No answer', detail: message, alwaysShow: true };
}
