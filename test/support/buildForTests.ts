import { buildExample } from './buildExample';
import { buildExtension } from './buildExtension';
import { buildSnippets } from './buildSnippets';
import { buildStrangers } from './buildStrangers';

/** Builds all the extensions that are installed in the tests' VS Codes. */
export async function buildForTests(): Promise<void> {
  await buildExtension();
  await buildExample();
  await buildSnippets();
  await buildStrangers();
}
