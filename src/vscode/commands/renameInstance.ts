import * as l10n from '@vscode/l10n';
import { NotLoggedInError } from '../account/errors';
import { hostOf } from '../../looker/instance/host';
import { activeFirst } from '../account/pickAccount';
import type { CommandContext } from '../context';
import { askText } from '../prompts/askText';
import { pick } from '../prompts/pick';
import { showDone } from '../prompts/showDone';
import { standalone } from '../prompts/steps';

/** Lets the user choose an instance, if there are several, and rename it. @throws NotLoggedInError; CanceledError */
export async function renameInstance(context: CommandContext): Promise<void> {
  const { accounts, settings } = context;
  const used = activeFirst(accounts).map(({ account }) => account.baseUrl);
  const [first, ...others] = new Set([...used, ...settings.instancesBeside(used)]);
  if (first === undefined) throw new NotLoggedInError();
  const baseUrl =
    others.length === 0
      ? first
      : await pick({
          place: standalone(l10n.t('Rename Instance')),
          placeholder: l10n.t('Choose the instance to rename'),
          choices: [first, ...others].map((baseUrl) => ({
            key: baseUrl,
            label: settings.nameOf(baseUrl),
            description: baseUrl,
            answer: baseUrl,
          })),
        });
  await renameInstanceAt(context, baseUrl);
}

/** Asks for a name, and saves it in the user's settings. @throws CanceledError */
export async function renameInstanceAt(
  { settings }: Pick<CommandContext, 'settings'>,
  baseUrl: string,
): Promise<void> {
  const host = hostOf(baseUrl);
  const name = await askText({
    place: standalone(l10n.t('Rename Instance')),
    content: () => ({ prompt: l10n.t('Name for {0}. Leave it empty to show the host.', host) }),
    placeholder: l10n.t('For example, Production'),
    value: settings.instance(baseUrl).name,
    accept: (typed) => settings.nameInstance(baseUrl, typed),
  });
  showDone(
    name === host
      ? l10n.t('Removed the name of {0}', host)
      : l10n.t('{0} is now called {1}', host, name),
  );
}
