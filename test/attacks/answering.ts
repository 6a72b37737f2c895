import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answerDialog, dialogText } from '../support/workbench';
import type { Neighbor } from './neighbor';
import { unharmedUntil, type Unharmed } from './unharmed';

/** What presses Enter in VS Code, as any extension may have it done. */
const ENTER = [
  'quickInput.accept',
  'quickInput.acceptInBackground',
  'workbench.action.acceptSelectedQuickOpenItem',
  'list.select',
  'notification.acceptPrimaryAction',
  'acceptSelectedSuggestion',
];

/** As many times it goes on once there is a dialog. */
const ROUNDS_MORE = 10;

/** What the neighbor keeps between two of its attacks. */
interface Pressing {
  rounds: number;
  isOver: boolean;
}

/** Starts to press everything, again and again, until it is told to stop. */
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

/** Goes on for some rounds more. */
async function stopPressing(neighbor: Neighbor): Promise<void> {
  await neighbor.run(async (_host, roundsMore) => {
    const { pressing } = globalThis as unknown as { pressing: Pressing };
    const last = pressing.rounds + roundsMore;
    while (pressing.rounds < last) await new Promise((resolve) => setTimeout(resolve, 10));
    pressing.isOver = true;
  }, ROUNDS_MORE);
}

/**
 * Has the neighbor run a command and answer whatever it asks. Makes sure that it ends at a dialog, which no command of
 * VS Code's answers, that there is no harm until then or afterward, and cancels that.
 * @returns what the dialog says
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

/** The same for whatever is open, or opens next. */
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
