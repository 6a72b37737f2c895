import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answerDialog, dialogText } from '../support/workbench';
import type { Neighbor } from './neighbor';
import { unharmedUntil, type Unharmed } from './unharmed';

/** The commands that press Enter in VS Code, which any extension can run. */
const ENTER = [
  'quickInput.accept',
  'quickInput.acceptInBackground',
  'workbench.action.acceptSelectedQuickOpenItem',
  'list.select',
  'notification.acceptPrimaryAction',
  'acceptSelectedSuggestion',
];

/** How many more rounds the neighbor presses once a dialog is open. */
const ROUNDS_MORE = 10;

/** The state that the neighbor keeps between two attacks. */
interface Pressing {
  rounds: number;
  isOver: boolean;
}

/** Has the neighbor run all these commands again and again, until `stopPressing`. */
async function press(neighbor: Neighbor): Promise<void> {
  await neighbor.run(({ vscode }, enter) => {
    const pressing: Pressing = { rounds: 0, isOver: false };
    Object.assign(globalThis, { pressing });
    void (async () => {
      for (; !pressing.isOver; pressing.rounds++) {
        for (const id of enter) {
          await vscode.commands.executeCommand(id).then(undefined, () => undefined);
        }
      }
    })();
  }, ENTER);
}

/** Stops the neighbor after a few more rounds. */
async function stopPressing(neighbor: Neighbor): Promise<void> {
  await neighbor.run(async (_host, roundsMore) => {
    const { pressing } = globalThis as unknown as { pressing: Pressing };
    const last = pressing.rounds + roundsMore;
    while (pressing.rounds < last) await new Promise((resolve) => setTimeout(resolve, 10));
    pressing.isOver = true;
  }, ROUNDS_MORE);
}

/**
 * Has the neighbor run a command and answer every prompt. Checks that this ends at a dialog, which no VS Code command
 * can answer, and that it does no harm before or after. Cancels the dialog.
 * @returns the text of the dialog
 */
export async function answerInVain(
  page: Page,
  neighbor: Neighbor,
  unharmed: Unharmed,
  command: string,
  ...args: readonly unknown[]
): Promise<string> {
  await neighbor.run(
    ({ vscode }, command, args) => void vscode.commands.executeCommand(command, ...args),
    command,
    args,
  );
  return insistInVain(page, neighbor, unharmed);
}

/** Does the same for the prompt that is open, or opens next. */
export async function insistInVain(
  page: Page,
  neighbor: Neighbor,
  unharmed: Unharmed,
): Promise<string> {
  await press(neighbor);
  const asked = await unharmedUntil(dialogText(page), unharmed).finally(() =>
    stopPressing(neighbor),
  );
  assert.equal(await dialogText(page), asked);
  await answerDialog(page, 'Cancel');
  await unharmed();
  return asked;
}
