import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../base/log';
import { onDidFocus } from '../focus';
import { notify } from '../prompts/notify';
import type { Settings } from './settings';

/** Number of problems in a message; the log has all of them. */
const MOST_SHOWN = 10;

/**
 * Shows problems with the instances in the settings, now and after each change: once, in one message, and in the log.
 * All windows have the same settings, so only the window with the focus shows them; others do so if the problems are
 * still there when they get it.
 * @param changed called after each change
 */
export function watchInstances(
  settings: Pick<Settings, 'problems'>,
  log: Log,
  changed: () => void,
): vscode.Disposable {
  let problems: readonly string[] = [];
  let shown = '';
  let reads = 0;
  const showIfFocused = () => {
    const text = problems.join('\n');
    if (text === shown || !vscode.window.state.focused) return;
    shown = text;
    for (const problem of problems) log.warn(`In the setting lookerAuth.instances: ${problem}`);
    if (problems.length > 0) void showProblems(problems);
  };
  const read = async () => {
    const own = ++reads;
    const found = await settings.problems();
    // The settings have changed again.
    if (own !== reads) return;
    problems = found;
    showIfFocused();
  };
  void read();
  return vscode.Disposable.from(
    onDidFocus(showIfFocused),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('lookerAuth.instances')) return;
      changed();
      void read();
    }),
  );
}

async function showProblems(problems: readonly string[]): Promise<void> {
  const open = l10n.t('Open Settings');
  const shown = problems.slice(0, MOST_SHOWN);
  const answer = await notify(
    'warning',
    l10n.t('Check the setting "lookerAuth.instances". {0}', shown.join(' ')),
    open,
  );
  if (answer !== open) return;
  // Only the JSON editor can edit entries and underline problems.
  await vscode.commands.executeCommand('workbench.action.openSettingsJson', {
    revealSetting: { key: 'lookerAuth.instances' },
  });
}
