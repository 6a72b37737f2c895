import * as vscode from 'vscode';
import type { Choice } from './pick';
import { showPrompt, titleButtons } from './showPrompt';
import type { StepContext } from './steps';

/** A question with any number of answers. */
export interface PickManyQuestion<Answer> {
  readonly place: StepContext;
  readonly placeholder: string;
  /**
   * Lines with `picked` are checked at first. A line without an answer can't be checked; clicking it calls its
   * `choose`.
   */
  readonly choices: readonly Choice<Answer>[];
}

/** Lets the user check lines. @returns the answers of all checked lines @throws CanceledError on Esc; Back */
export async function pickMany<Answer>(
  question: PickManyQuestion<Answer>,
): Promise<readonly Answer[]> {
  const { place, placeholder, choices } = question;
  const box = vscode.window.createQuickPick<Choice<Answer>>();
  box.canSelectMany = true;
  box.placeholder = placeholder;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.buttons = titleButtons(place);
  box.items = choices;
  box.selectedItems = choices.filter(({ picked }) => picked);
  return showPrompt<readonly Answer[]>(box, place, (ending) => {
    box.onDidChangeSelection((ticked) => {
      const able = ticked.filter(({ answer }) => answer !== undefined);
      if (able.length === ticked.length) return;
      box.selectedItems = able;
      // Checking all lines at once isn't about any single one.
      const [unable, another] = ticked.filter(({ answer }) => answer === undefined);
      if (!another) unable?.choose?.();
    });
    box.onDidAccept(() => {
      ending.answer(box.selectedItems.flatMap(({ answer }) => answer ?? []));
    });
  });
}
