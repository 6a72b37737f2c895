import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../accounts/log';
import { onDidFocus } from '../focus';
import { notify } from '../prompts/notify';
import { several } from '../text/several';
import type { Settings } from './settings';

/**
 * Tells what is wrong with the instances in the settings, now and whenever they change: in one message, which leads to
 * where it stands, and in the log. The same is told once. All windows have these settings: it is told in the one the
 * user is in, and in another one only where it is still so when they come there.
 * @param changed is called whenever they change
 */
export function watchInstances(
  settings: Pick<Settings, 'problems'>,
  log: Log,
  changed: () => void,
): vscode.Disposable {
  let problems: readonly string[] = [];
  let told = '';
  let looks = 0;
  const tellHere = () => {
    const text = problems.join('\n');
    if (text === told || !vscode.window.state.focused) return;
    told = text;
    for (const problem of problems) log.warn(`In the setting lookerAuth.instances, ${problem}`);
    if (problems.length > 0) void tell(problems);
  };
  const look = async () => {
    const own = ++looks;
    const found = await settings.problems();
    // They have changed since.
    if (own !== looks) return;
    problems = found;
    tellHere();
  };
  void look();
  return vscode.Disposable.from(
    onDidFocus(tellHere),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('lookerAuth.instances')) return;
      changed();
      void look();
    }),
  );
}

async function tell(problems: readonly string[]): Promise<void> {
  const open = l10n.t('Open Settings');
  const answer = await notify(
    'warning',
    l10n.t('In the setting "lookerAuth.instances", {0}', several(problems, ' · ')),
    open,
  );
  if (answer !== open) return;
  // Only there are entries edited, and what is wrong underlined.
  await vscode.commands.executeCommand('workbench.action.openSettingsJson', {
    revealSetting: { key: 'lookerAuth.instances' },
  });
}
