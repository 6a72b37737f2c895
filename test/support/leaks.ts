import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';

/** A text this short is part of many others once it is encoded. */
const SHORT = 16;

/** The files below a folder that contain one of these texts, however encoded: absolute paths. */
export async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const sought = texts.flatMap(spellings);
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const content = await readFile(file, 'latin1');
    if (sought.some((text) => content.includes(text))) found.push(file);
  }
  return found;
}

/** Those of the secrets that one of the texts contains, however encoded. */
export function secretsIn(texts: readonly string[], secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) =>
    spellings(secret).some((spelling) => texts.some((text) => text.includes(spelling))),
  );
}

/** Everything that the page has stored in the browser, as one text. */
export async function browserStorage(page: Page): Promise<string> {
  return JSON.stringify(await page.context().storageState({ indexedDB: true }));
}

/** What a tab keeps that {@link browserStorage} leaves out. */
export interface TabTraces {
  /** Where it has been, as one text. */
  readonly addresses: string;
  /** What it shows, and what its site has stored for it, as one text. */
  readonly content: string;
}

export async function tabTraces(page: Page): Promise<TabTraces> {
  const client = await page.context().newCDPSession(page);
  const { entries } = await client.send('Page.getNavigationHistory');
  const content = await page.evaluate<unknown>(`(async () => ({
    shown: document.documentElement.outerHTML,
    name: window.name,
    state: history.state,
    session: { ...sessionStorage },
    caches: 'caches' in window ? await caches.keys() : [],
    databases: await indexedDB.databases(),
    workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
  }))()`);
  const addresses = entries.map(({ url }) => url).join('\n');
  return { addresses, content: JSON.stringify(content) };
}

/** A text as it may stand in files and databases: as it is, as part of a URL, in UTF-16, and in base64. */
function spellings(text: string): readonly string[] {
  if (text.length < SHORT) return [text];
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + text).toString('base64');
    // The letters at both ends depend on what stands beside the text.
    return encoded.replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -2);
  });
  const utf16 = Buffer.from(text, 'utf16le').toString('latin1');
  return [...new Set([text, encodeURIComponent(text), utf16, ...base64])];
}
