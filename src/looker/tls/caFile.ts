import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, relative, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { inertText } from '../inert';
import { CaFileError } from '../errors/protection';

/** Many times the size of a system's own list of CAs: longer files would delay every request. */
const LONGEST_FILE_BYTES = 1_048_576;

/**
 * Reads the certificates in an instance's CA file: PEM, or one certificate in DER, as Windows exports it. The file is
 * read again every time, so that it can be replaced.
 * @returns each certificate in PEM, in the same form however the file is written
 * @throws CaFileError
 */
export async function caFileIn(baseUrl: string, path: string): Promise<readonly string[]> {
  const refusal = (problem: string) => new CaFileError(baseUrl, problem);
  if (path === '') throw refusal(l10n.t('"caFile" must be the path of a file.'));
  if (!isAbsolute(path)) {
    throw refusal(
      l10n.t(
        "The path {0} isn't absolute. Enter the full path without variables, or start it with ~.",
        inertText(path),
      ),
    );
  }
  const shown = withoutHome(path);
  const bytes = await bytesOf(path).catch((error: unknown) => {
    throw refusal(unreadable(shown, (error as NodeJS.ErrnoException).code));
  });
  if (!bytes) throw refusal(l10n.t('{0} is too large for a CA file.', shown));
  if (isUtf16(bytes)) throw refusal(l10n.t('{0} is saved as UTF-16, not as UTF-8.', shown));
  const text = bytes.toString();
  const blocks = blocksIn(text);
  const certificates = blocks.map((block) => ({ block, certificate: certificateIn(block) }));
  const damaged = certificates.find(({ certificate }) => !certificate);
  if (damaged) {
    const line = text.slice(0, damaged.block.start).split('\n').length;
    throw refusal(l10n.t('The certificate on line {0} of {1} is damaged.', line, shown));
  }
  const found = certificates.flatMap(({ certificate }) => certificate ?? []);
  const isPem = text.includes('-----BEGIN ');
  const der = isPem ? undefined : parsed(bytes);
  const all = der ? [der] : found;
  if (all.length === 0) throw refusal(noCertificate(shown, text));
  return all.map((certificate) => certificate.toString());
}

/** @returns undefined if the file is too large @throws Node's error, with a code */
async function bytesOf(path: string): Promise<Buffer | undefined> {
  const stats = await stat(path);
  if (stats.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  // A pipe or a device may never end.
  if (!stats.isFile()) throw Object.assign(new Error(), { code: 'NO_FILE' });
  return stats.size > LONGEST_FILE_BYTES ? undefined : readFile(path);
}

/**
 * Recognizes UTF-16 by its byte order mark or by the zero byte of its first letter. Windows PowerShell writes such
 * files.
 */
function isUtf16([first, second]: Buffer): boolean {
  const bothAre = (a: number, b: number) => first === a && second === b;
  return bothAre(0xff, 0xfe) || bothAre(0xfe, 0xff) || first === 0 || second === 0;
}

/** OpenSSL's `TRUSTED CERTIFICATE` isn't one of them, because Node would ignore the uses that it forbids. */
const CERTIFICATE = /-----BEGIN ((?:X509 )?CERTIFICATE)-----/g;

interface Block {
  readonly start: number;
  readonly label: string;
  /** The text after the first line. */
  readonly rest: string;
}

function blocksIn(text: string): readonly Block[] {
  const starts = [...text.matchAll(CERTIFICATE)];
  return starts.map(({ 0: line, 1: label = '', index }, i) => ({
    start: index,
    label,
    rest: text.slice(index + line.length, starts[i + 1]?.index),
  }));
}

/** The certificate in a block, which may be indented, on one line, or with escaped line ends as in JSON. */
function certificateIn({ label, rest }: Block): X509Certificate | undefined {
  const end = rest.indexOf(`-----END ${label}-----`);
  if (end < 0) return undefined;
  const base64 = rest.slice(0, end).replace(/\\[rn]|\s/g, '');
  return /^[A-Za-z\d+/]+={0,2}$/.test(base64) ? parsed(Buffer.from(base64, 'base64')) : undefined;
}

/** @param bytes in DER */
function parsed(bytes: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(bytes);
  } catch {
    return undefined;
  }
}

function noCertificate(shown: string, text: string): string {
  const [, other] = /-----BEGIN ([A-Z\d ]{1,40})-----/.exec(text) ?? [];
  return other === undefined
    ? l10n.t('{0} has no PEM certificate. Export it as Base64-encoded X.509.', shown)
    : l10n.t(
        '{0} has no PEM certificate, but "{1}". Export it as Base64-encoded X.509.',
        shown,
        other,
      );
}

/** Hides the home folder and so the user's name: messages about a CA file may be sent to a help desk. */
function withoutHome(path: string): string {
  const inHome = relative(homedir(), path);
  return inertText(isAbsolute(inHome) || inHome.startsWith('..') ? path : `~${sep}${inHome}`);
}

function unreadable(path: string, code: string | undefined): string {
  if (code === 'ENOENT') return l10n.t("The file {0} doesn't exist.", path);
  if (code === 'EISDIR') return l10n.t('{0} is a folder, not a file.', path);
  if (code === 'NO_FILE') return l10n.t("{0} isn't a file.", path);
  return l10n.t("Looker Auth can't read {0} ({1}).", path, code ?? '');
}
