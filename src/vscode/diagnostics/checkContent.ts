import * as l10n from '@vscode/l10n';
import { STEPS, verdictOf, type CheckStep, type StepName } from '../../diagnostics/checkStep';
import { inertText } from '../../looker/inert';
import { formatUnit } from '../../looker/numbers';
import { firstSentence } from '../text/firstSentence';

/** The state of a check. */
export interface CheckState {
  /** The instance as the user entered it. */
  readonly asked: string;
  /** The steps that have started, in order. */
  readonly steps: readonly CheckStep[];
  readonly isDone: boolean;
}

/** A line of the list while a check runs. */
export interface CheckLine {
  readonly key: string;
  readonly label: string;
  readonly description?: string;
  /** Takes a row of its own, so it is used sparingly. */
  readonly detail?: string;
}

/** The environment of the check, for the report. */
export interface ReportEnvironment {
  readonly product: string;
  readonly vscode: string;
  readonly system: string;
  /** The kind of remote window, such as `ssh-remote`; undefined in a local one. */
  readonly remote: string | undefined;
  readonly time: Date;
}

const ICONS: Readonly<Record<CheckStep['outcome'], string>> = {
  running: '$(loading~spin)',
  passed: '$(pass)',
  warning: '$(warning)',
  failed: '$(error)',
  skipped: '$(circle-slash)',
};

/** The verdict, once there is one, and all steps, including those that haven't started. */
export function checkLines({ asked, steps, isDone }: CheckState): {
  readonly verdict: CheckLine;
  readonly steps: readonly CheckLine[];
} {
  const { outcome, sentence } = verdictOf(steps);
  // A verdict of two sentences says what to do itself.
  const remedy = isDone ? afterFirst(sentence) || remedyIn(steps) : '';
  return {
    verdict: {
      key: 'verdict',
      ...(remedy && { detail: remedy }),
      label: isDone
        ? `${ICONS[outcome]} ${firstSentence(sentence)}`
        : `${ICONS.running} ${l10n.t('Checking {0}…', inertText(asked))}`,
    },
    steps: STEPS.map((name) => lineOf(name, steps)),
  };
}

function lineOf(name: StepName, steps: readonly CheckStep[]): CheckLine {
  const step = steps.find((step) => step.name === name);
  const line = (icon: string, description: string) => ({
    key: name,
    label: `${icon} ${titleOf(name)}`,
    description,
  });
  if (!step) return line('$(circle-outline)', l10n.t('pending'));
  const { outcome, ms, sentence } = step;
  const [icon, word] = [ICONS[outcome], wordFor(outcome)];
  if (outcome === 'running') return line(icon, word);
  if (outcome === 'skipped') return line(icon, l10n.t('Skipped. {0}', sentence));
  const withTime = line(icon, l10n.t('{0}, {1}', word, formatUnit(ms, 'millisecond', 'short')));
  // The URL is already in the placeholder.
  if (name === 'url' && outcome === 'passed') return withTime;
  return { ...withTime, detail: outcome === 'failed' ? firstSentence(sentence) : sentence };
}

/** What to do about the first failure, if its error says so. */
function remedyIn(steps: readonly CheckStep[]): string {
  return afterFirst(steps.find(({ outcome }) => outcome === 'failed')?.sentence ?? '');
}

/** What follows the first sentence. It gets a line of its own, since VS Code cuts off long lines. */
function afterFirst(text: string): string {
  return text.slice(firstSentence(text).length).trim();
}

/**
 * A report to share, in Markdown that is also readable as plain text. It contains no secrets, and only IDs of users.
 */
export function checkReport({ steps, isDone }: CheckState, where: ReportEnvironment): string {
  const { product, vscode, system, remote, time } = where;
  const verdict = isDone ? verdictOf(steps).sentence : l10n.t("The check hasn't finished.");
  return [
    `# ${l10n.t('Looker Auth: connection check')}`,
    '',
    `**${escape(verdict)}**`,
    '',
    `- ${l10n.t('Looker Auth {0}, VS Code {1}', product, vscode)}`,
    `- ${l10n.t('System: {0}', system)}`,
    `- ${remote === undefined ? l10n.t('Window: local') : l10n.t('Window: remote ({0})', remote)}`,
    `- ${l10n.t('Checked at {0}', time.toISOString())}`,
    '',
    ...steps.flatMap(({ name, outcome, ms, sentence, publicSentence, facts = [] }, index) => [
      l10n.t(
        '{0}. {1}: {2}, {3}',
        index + 1,
        titleOf(name),
        wordFor(outcome),
        formatUnit(ms, 'millisecond', 'short'),
      ),
      ...[publicSentence ?? sentence, ...facts].map((line) => `   - ${escape(line)}`),
    ]),
    '',
  ].join('\n');
}

/** Text from servers must not become links, pictures, or tags. */
function escape(text: string): string {
  return text.replace(/[[\]<>`|*]/g, '\\$&');
}

function titleOf(name: StepName): string {
  switch (name) {
    case 'url':
      return l10n.t('Instance URL');
    case 'proxy':
      return l10n.t('Proxy');
    case 'dns':
      return l10n.t('Name (DNS)');
    case 'tcp':
      return l10n.t('Connection (TCP)');
    case 'tls':
      return l10n.t('Certificate (TLS)');
    case 'versions':
      return l10n.t("Looker's API (GET /versions)");
    case 'login':
      return l10n.t('API key (POST /login)');
    case 'user':
      return l10n.t('User (GET /user)');
  }
}

function wordFor(outcome: CheckStep['outcome']): string {
  switch (outcome) {
    case 'running':
      return l10n.t('running');
    case 'passed':
      return l10n.t('passed');
    case 'warning':
      return l10n.t('warning');
    case 'failed':
      return l10n.t('failed');
    case 'skipped':
      return l10n.t('skipped');
  }
}
