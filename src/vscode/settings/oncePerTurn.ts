/**
 * Reads something once for all code that runs without waiting, since nothing can change until then. Lists ask for the
 * settings of each of their lines.
 */
export function oncePerTurn<T>(read: () => T): () => T {
  let latest: { readonly value: T } | undefined;
  return () => {
    if (!latest) {
      latest = { value: read() };
      queueMicrotask(() => {
        latest = undefined;
      });
    }
    return latest.value;
  };
}
