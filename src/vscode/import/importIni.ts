import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { CanceledError } from '../../looker/errors/expectedError';
import { IniFileError } from '../../looker/errors/input';
import { hostOf, isLoopback } from '../../looker/instance/host';
import { formatUnit } from '../../looker/numbers';
import type { IniSection, UsableSection } from '../../looker/apiKeys/lookerIni';
import { fileSource, importSources, type ImportSource } from './importSources';
import { warnIfTracked } from './warnIfTracked';
import { confirm } from '../prompts/confirm';
import { pick, type Choice } from '../prompts/pick';
import { pickMany } from '../prompts/pickMany';
import { askInSteps, type StepContext, type Step } from '../prompts/steps';
import type { CommandContext } from '../context';
import { importSections, importTitle, showOutcomes } from './importOutcomes';

/**
 * Lets the user choose where the keys are and which ones to log in with, asks for a confirmation in a dialog that says
 * where each key goes, logs in with each, and shows the results. Keys are saved in the secret storage only; the file
 * isn't changed.
 * @param file the file, if already chosen
 * @throws CanceledError; IniFileError; IniTooLargeError
 */
export async function importIni(context: CommandContext, file?: vscode.Uri): Promise<void> {
  let source = file && fileSource(file);
  let chosen: readonly UsableSection[] = [];
  const askSource: Step = async (place) => {
    source = await pickSource(place);
  };
  const askSections: Step = async (place) => {
    if (source) chosen = await pickSections(context, place, await source.read());
  };
  await askInSteps(importTitle(), file ? [askSections] : [askSource, askSections]);
  if (chosen.length === 0) throw new CanceledError();
  await confirmSections(chosen);
  const outcomes = await importSections(context, chosen);
  const { importOffer, messages } = context;
  const showError = (error: unknown) => messages.showError(error);
  const imported = source?.file;
  if (imported) {
    void importOffer.settle(imported).then(undefined, showError);
    // Not awaited, so that the results are shown at once.
    void warnIfTracked(imported).catch(showError);
  }
  await showOutcomes(context, outcomes);
}

/** Lets the user choose where the keys are: where SDKs look, where Google's extension saved them, or any file. */
async function pickSource(place: StepContext): Promise<ImportSource> {
  const sources = await importSources();
  const source = await pick<ImportSource | 'dialog'>({
    place,
    placeholder: l10n.t('Choose where your API keys are'),
    choices: [
      ...sources.map((source) => ({
        key: `${source.name} ${source.description}`,
        label: `$(${source.icon}) ${source.name}`,
        description: source.description,
        ...(source.detail !== undefined && { detail: source.detail }),
        answer: source,
      })),
      { label: `$(folder-opened) ${l10n.t('Choose a File…')}`, answer: 'dialog' },
    ],
  });
  if (source !== 'dialog') return source;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: importTitle(),
      openLabel: l10n.t('Import'),
      filters: { [l10n.t('Looker SDK settings')]: ['ini', 'env'], [l10n.t('All files')]: ['*'] },
    })) ?? [];
  if (!file) throw new CanceledError();
  return fileSource(file);
}

/**
 * Lets the user choose sections. Sections with doubts aren't checked at first; clicking one that can't be imported
 * shows why.
 */
function pickSections(
  context: CommandContext,
  place: StepContext,
  sections: readonly IniSection[],
): Promise<readonly UsableSection[]> {
  const usable = sections.filter((section) => 'settings' in section);
  return pickMany({
    place,
    placeholder:
      usable.length > 0
        ? l10n.t('Select the sections to log in with')
        : l10n.t('No section has everything needed to log in'),
    choices: sections.map((section) =>
      'settings' in section
        ? usableLine(context, section, usable)
        : {
            label: `$(warning) ${section.name}`,
            description: l10n.t("can't be imported"),
            detail: section.problem,
            choose: () =>
              void context.messages.showError(
                new IniFileError(
                  l10n.t("Looker Auth can't import {0}. {1}", section.name, section.problem),
                ),
              ),
          },
    ),
  });
}

/** A section as a line, with everything unusual about it. Only the beginning of its client ID is shown. */
function usableLine(
  context: CommandContext,
  section: UsableSection,
  all: readonly UsableSection[],
): Choice<UsableSection> {
  const { name, settings, doubts } = section;
  const { baseUrl, apiKey, verifySsl, timeout } = settings;
  const isPlain = baseUrl.startsWith('http:') && !isLoopback(baseUrl);
  const seconds = context.settings.timeoutMs / 1000;
  const notes = [
    ...doubts,
    ...section.notes,
    isPlain && l10n.t('plain HTTP, without encryption'),
    !verifySsl && l10n.t('verify_ssl is ignored: certificates are always verified'),
    timeout !== undefined &&
      timeout !== seconds &&
      l10n.t(
        'timeout is ignored: {0} instead of {1}',
        formatUnit(seconds, 'second'),
        formatUnit(timeout, 'second'),
      ),
  ];
  return {
    label: name,
    description: l10n.t(
      '{0}, client ID {1}…',
      context.settings.nameOf(baseUrl),
      apiKey.clientId.slice(0, 4),
    ),
    detail: notes.filter((note) => note !== false).join(' · '),
    picked: isFirst(section, all),
    answer: section,
  };
}

/** Whether the section is without doubts, and the first of those with its key. */
function isFirst(section: UsableSection, all: readonly UsableSection[]): boolean {
  const keyOf = ({ settings: { baseUrl, apiKey } }: UsableSection) =>
    `${baseUrl} ${apiKey.clientId}`;
  const sure = all.filter(({ doubts }) => doubts.length === 0);
  return sure.find((other) => keyOf(other) === keyOf(section)) === section;
}

/**
 * Asks for a confirmation in a dialog, which other extensions can't answer. It says where each key goes, with the host
 * first, since the file chooses the section's name.
 * @throws CanceledError
 */
async function confirmSections(sections: readonly UsableSection[]): Promise<void> {
  const lines = sections.map(({ name, settings, doubts }) => {
    const { baseUrl, apiKey } = settings;
    const line = l10n.t(
      '{0}: client ID {1}… ({2})',
      hostOf(baseUrl),
      apiKey.clientId.slice(0, 4),
      name,
    );
    return doubts.length > 0 ? `${line}: ${doubts.join(' · ')}` : line;
  });
  const [question, explanation] =
    sections.length === 1
      ? [
          l10n.t('Log in to Looker with this API key?'),
          l10n.t(
            "Looker Auth sends the API key to this host, and saves it in VS Code's secret storage.",
          ),
        ]
      : [
          l10n.t('Log in to Looker with these API keys?'),
          l10n.t(
            "Looker Auth sends each API key to the host listed before it, and saves it in VS Code's secret storage.",
          ),
        ];
  await confirm(question, `${lines.join('\n')}\n\n${explanation}`, l10n.t('Log In'));
}
