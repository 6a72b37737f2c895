import * as vscode from 'vscode';
import type { Choice } from './pick';
import { showPrompt, titleButtons } from './showPrompt';
import type { StepContext } from './steps';

/** One question with any number of answers to tick. */
export interface PickManyQuestion<Answer> {
  readonly place: StepContext;
  readonly placeholder: string;
  /**
   * Those that are `picked` are ticked at first. A line without an answer cannot be ticked; one that is clicked does what
   * it has for `choose`.
   */
  readonly choices: readonly Choice<Answer>[];
}

/** Asks to tick some. @returns the answers ticked, perhaps none. @throws CanceledError on Esc; Back */
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
      // Ticking all is no question about each.
      const [unable, another] = ticked.filter(({ answer }) => answer === undefined);
      if (!another) unable?.choose?.();
    });
    box.onDidAccept(() => {
      ending.answer(box.selectedItems.flatMap(({ answer }) => answer ?? []));
    });
  });
}
