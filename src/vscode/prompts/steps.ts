/** Where a prompt stands in a flow. */
export interface StepContext {
  /** Title of the whole flow. */
  readonly title: string;
  /** From 1. */
  readonly step: number;
  /** 0 where it depends on the answers. */
  readonly totalSteps: number;
  /** Whether there is something to go back to. */
  readonly canGoBack: boolean;
  /** Aborted once nobody needs an answer any more. */
  readonly abandoned?: AbortSignal | undefined;
}

/** A question that stands alone. */
export function standalone(title: string): StepContext {
  return { title, step: 1, totalSteps: 1, canGoBack: false };
}

/** The Back button was pressed. */
export class Back extends Error {
  override readonly name = 'Back';
}

/** Asks one thing and keeps the answer; `Back` returns to the step before, or asks the first one anew. */
export type Step = (place: StepContext) => Promise<void>;

/** How a flow is to go. */
interface Flow {
  /** Step to start with, from 0; the ones before it have been answered. */
  readonly from?: number;
  /** How many there are to show, 0 where that depends on the answers. */
  readonly totalSteps?: number;
  /** See {@link StepContext.abandoned}. */
  readonly abandoned?: AbortSignal | undefined;
}

/**
 * Asks step after step; Back asks the one before again.
 * @throws CanceledError on Esc, from whichever step, or once the answer is abandoned
 */
export async function askInSteps(
  title: string,
  steps: readonly Step[],
  { from = 0, totalSteps = steps.length, abandoned }: Flow = {},
): Promise<void> {
  let index = from;
  for (let step = steps[index]; step; step = steps[index]) {
    try {
      await step({ title, step: index + 1, totalSteps, canGoBack: index > 0, abandoned });
      index++;
    } catch (error) {
      if (!(error instanceof Back)) throw error;
      index = Math.max(0, index - 1);
    }
  }
}
