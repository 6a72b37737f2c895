/**
 * Waits for what is done beside, looking every few ms.
 * @throws after a minute, or as many ms as are given, so that a test that failed ends
 */
export async function until(condition: () => boolean, longestMs = 60_000): Promise<void> {
  const end = Date.now() + longestMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
