import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../base/log';
import { inertName } from '../../looker/inert';
import { ownExtension, showExtension } from '../ownExtension';
import { notify } from '../prompts/notify';

/** The relevant part of an extension's manifest. */
interface Manifest {
  readonly displayName?: unknown;
  readonly contributes?: { readonly authentication?: unknown };
}

/**
 * Warns that another extension has registered the provider `looker` first. VS Code then logs an error, ignores ours,
 * and gives other extensions the sessions of that one.
 */
export async function showTaken(log: Log): Promise<void> {
  const other = takers()[0];
  const message = other
    ? l10n.t(
        "{0} ({1}) provides Looker sessions in place of Looker Auth, so extensions can't use your accounts. Disable it, then reload the window.",
        nameOf(other),
        other.id,
      )
    : l10n.t(
        "Another extension provides Looker sessions in place of Looker Auth, so extensions can't use your accounts. Disable it, then reload the window.",
      );
  log.warn(message);
  const show = l10n.t('Show Extension');
  const answer = await notify('warning', message, ...(other ? [show] : []));
  if (other && answer === show) await showExtension(other.id);
}

/** Extensions that declare our provider ID, running ones first. */
function takers(): readonly vscode.Extension<unknown>[] {
  return vscode.extensions.all
    .filter((extension) => extension.id !== ownExtension()?.id && declares(extension))
    .sort((a, b) => Number(b.isActive) - Number(a.isActive));
}

function declares({ packageJSON }: vscode.Extension<unknown>): boolean {
  const declared = (packageJSON as Manifest).contributes?.authentication;
  return (
    Array.isArray(declared) &&
    declared.some((provider: { id?: unknown } | null) => provider?.id === 'looker')
  );
}

function nameOf({ id, packageJSON }: vscode.Extension<unknown>): string {
  const { displayName } = packageJSON as Manifest;
  return (typeof displayName === 'string' && inertName(displayName)) || id;
}
