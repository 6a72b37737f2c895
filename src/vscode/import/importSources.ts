import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import { IniFileError } from '../../looker/errors/input';
import { hostOf } from '../../looker/instance/host';
import { inertText } from '../../looker/inert';
import { readEnvironment, readIni, type IniSection } from '../../looker/apiKeys/lookerIni';
import { sectionOf } from '../../looker/apiKeys/sdkSettings';
import { googleSettings, type GoogleSettings } from './googleSettings';
import { homeIniFiles, workspaceEnvFiles, workspaceIniFiles } from './iniFiles';
import { nameOfFile, readIniFile } from './readIniFile';

/** A place that may have API keys. It is read once the user has chosen it. */
export interface ImportSource {
  /** ID of its icon. */
  readonly icon: string;
  readonly name: string;
  readonly description: string;
  readonly detail?: string;
  /** The file, if git could track it. */
  readonly file?: vscode.Uri;
  /** @throws IniFileError; IniTooLargeError */
  readonly read: () => Promise<readonly IniSection[]>;
}

/** All places that can be found without asking: files where SDKs look, the environment, and settings. */
export async function importSources(): Promise<readonly ImportSource[]> {
  const [ini, env, home] = await Promise.all([
    workspaceIniFiles(),
    workspaceEnvFiles(),
    homeIniFiles(),
  ]);
  return [
    ...[...ini, ...env].map((file) => ({
      ...fileSource(file),
      description: l10n.t('in this workspace'),
    })),
    ...home.map((file) => ({
      ...fileSource(file),
      icon: 'home',
      name: inertText(file.fsPath),
      description: l10n.t('in your home folder'),
    })),
    ...environment(),
    ...googleSettings().map(fromGoogle),
  ];
}

export function fileSource(file: vscode.Uri): ImportSource {
  return {
    icon: 'file',
    name: nameOfFile(file),
    description: '',
    file,
    read: async () => {
      const sections = readIni(await readIniFile(file), process.env);
      if (sections.length > 0) return sections;
      throw new IniFileError(
        l10n.t(
          '{0} has no section with base_url, client_id, and client_secret, and no LOOKERSDK_* or LOOKER_* variables. Choose another file.',
          nameOfFile(file),
        ),
      );
    },
  };
}

function environment(): readonly ImportSource[] {
  const section = readEnvironment(process.env);
  if (!section) return [];
  return [
    {
      icon: 'symbol-variable',
      name: section.name,
      description: l10n.t('in the environment that VS Code was started with'),
      ...('settings' in section && { detail: hostOf(section.settings.baseUrl) }),
      read: () => Promise.resolve([section]),
    },
  ];
}

function fromGoogle({ scope, file, values }: GoogleSettings): ImportSource {
  const name = 'looker.clientId, looker.clientSecret';
  const description = placeOf(scope);
  return {
    icon: 'settings-gear',
    name,
    description,
    detail: l10n.t("saved by Google's extension, where any program you run can read it"),
    ...(file && { file }),
    // Google's extension doesn't use the environment.
    read: () =>
      Promise.resolve([sectionOf(name, values, {}, { doubts: [], notes: [description] })]),
  };
}

function placeOf(scope: GoogleSettings['scope']): string {
  if (scope === 'user') return l10n.t('in your user settings');
  return scope === 'workspace'
    ? l10n.t('in the settings of this workspace')
    : l10n.t('in the settings of the folder {0}', scope.folder);
}
