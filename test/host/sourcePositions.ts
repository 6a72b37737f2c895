import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';

import { ROOT } from '../support/buildExtension';

/** Maps stack traces from the bundles in out/ to the source: the extension host maps none. */
export function toSourcePositions(trace: string): string {
  return trace.replace(
    /(out\/host\/[^\s:()]+\.js):(\d+):(\d+)/g,
    (bundled: string, file: string, line: string, column: string) => {
      const map = path.join(ROOT, `${file}.map`);
      if (!existsSync(map)) return bundled;
      const payload = JSON.parse(readFileSync(map, 'utf8')) as SourceMapPayload;
      const entry = new SourceMap(payload).findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in entry)) return bundled;
      const source = path.join(path.dirname(file), entry.originalSource);
      return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    },
  );
}
