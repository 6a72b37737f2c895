import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, relative, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { CaFileError } from './errors';

/**
 * The certificates in an instance's CA file, PEM each. The file is read anew each time, so that it may be
 * replaced.
 * @throws CaFileError
 */
export async function caFileIn(baseUrl: string, path: string): Promise<readonly string[]> {
  if (!isAbsolute(path)) {
    throw new CaFileError(baseUrl, l10n.t('The path of the CA file {0} is not absolute.', path));
  }
  const shown = withoutHome(path);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CaFileError(baseUrl, unreadable(shown, (error as NodeJS.ErrnoException).code));
  });
  const certificates = text.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs);
  if (!certificates) {
    throw new CaFileError(
      baseUrl,
      l10n.t('There is no certificate in {0}. It has to be PEM.', shown),
    );
  }
  if (!certificates.every(isWhole)) {
    throw new CaFileError(baseUrl, l10n.t('A certificate in {0} is damaged.', shown));
  }
  return certificates;
}

/** The name of whose home folder it is, is nobody's business: what is said of a CA file may go to a help desk. */
function withoutHome(path: string): string {
  const inHome = relative(homedir(), path);
  return isAbsolute(inHome) || inHome.startsWith('..') ? path : `~${sep}${inHome}`;
}

function unreadable(path: string, code: string | undefined): string {
  if (code === 'ENOENT') return l10n.t('There is no file {0}.', path);
  if (code === 'EISDIR') return l10n.t('{0} is a folder.', path);
  return l10n.t('{0} cannot be read ({1}).', path, code ?? '');
}

function isWhole(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
