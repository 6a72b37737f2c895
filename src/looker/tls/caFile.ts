import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, relative, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { inertText } from '../inert';
import { CaFileError } from '../errors/protection';

/**
 * Reads the certificates in an instance's CA file, PEM each. The file is read again every time, so that it can be
 * replaced.
 * @throws CaFileError
 */
export async function caFileIn(baseUrl: string, path: string): Promise<readonly string[]> {
  if (path === '') {
    throw new CaFileError(baseUrl, l10n.t('"caFile" must be the path of a file.'));
  }
  if (!isAbsolute(path)) {
    throw new CaFileError(
      baseUrl,
      l10n.t(
        "The path {0} isn't absolute. Enter the full path without variables, or start it with ~.",
        inertText(path),
      ),
    );
  }
  const shown = withoutHome(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new CaFileError(baseUrl, unreadable(shown, (error as NodeJS.ErrnoException).code));
  });
  if (isUtf16(bytes)) {
    throw new CaFileError(baseUrl, l10n.t('{0} is saved as UTF-16, not as UTF-8.', shown));
  }
  const text = bytes.toString();
  const starts = [...text.matchAll(/-----BEGIN CERTIFICATE-----/g)].map(({ index }) => index);
  const certificates = starts.map((start, i) => upToEnd(text.slice(start, starts[i + 1])));
  if (certificates.length === 0) {
    throw new CaFileError(baseUrl, l10n.t('{0} has no PEM certificate.', shown));
  }
  const damaged = certificates.findIndex((certificate) => !isWhole(certificate));
  if (damaged >= 0) {
    const line = text.slice(0, starts[damaged]).split('\n').length;
    throw new CaFileError(
      baseUrl,
      l10n.t('The certificate on line {0} of {1} is damaged.', line, shown),
    );
  }
  return certificates;
}

/**
 * Recognizes UTF-16 by its byte order mark or by the zero byte of its first letter. Windows PowerShell writes such
 * files.
 */
function isUtf16([first, second]: Buffer): boolean {
  const bothAre = (a: number, b: number) => first === a && second === b;
  return bothAre(0xff, 0xfe) || bothAre(0xfe, 0xff) || first === 0 || second === 0;
}

const END = '-----END CERTIFICATE-----';

/** Cuts off text after the certificate, which belongs to no certificate. */
function upToEnd(text: string): string {
  const end = text.indexOf(END);
  return end < 0 ? text : text.slice(0, end + END.length);
}

/** Hides the home folder and so the user's name: messages about a CA file may be sent to a help desk. */
function withoutHome(path: string): string {
  const inHome = relative(homedir(), path);
  return inertText(isAbsolute(inHome) || inHome.startsWith('..') ? path : `~${sep}${inHome}`);
}

function unreadable(path: string, code: string | undefined): string {
  if (code === 'ENOENT') return l10n.t("The file {0} doesn't exist.", path);
  if (code === 'EISDIR') return l10n.t('{0} is a folder, not a file.', path);
  return l10n.t("Looker Auth can't read {0} ({1}).", path, code ?? '');
}

function isWhole(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
