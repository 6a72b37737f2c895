/**
 * Waits for background work, checking every few ms.
 * @throws after a minute or the given number of ms, so that a failing test ends
 */
export async function until(condition: () => boolean, longestMs = 60_000): Promise<void> {
  const end = Date.now() + longestMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
