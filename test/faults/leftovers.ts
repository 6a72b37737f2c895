import { until } from '../support/until';

/** Counts sockets, timers, threads and everything else that keeps a process running, by kind. */
export function resources(): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return kinds;
}

/** What has been added since then, after a moment to let it end. */
export async function leftOverSince(before: ReadonlyMap<string, number>): Promise<string[]> {
  const surplus = () =>
    [...resources()]
      .filter(([kind, count]) => count > (before.get(kind) ?? 0))
      .map(([kind]) => kind);
  let isOver = false;
  const end = setTimeout(() => (isOver = true), 1000).unref();
  await until(() => isOver || surplus().length === 0);
  clearTimeout(end);
  return surplus();
}
