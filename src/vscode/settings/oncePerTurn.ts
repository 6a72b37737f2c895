/**
 * Caches a value until the code that runs now has finished, since nothing can change before that. A list reads the
 * settings for each of its lines.
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
