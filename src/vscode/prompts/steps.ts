/** The place of a prompt in a flow. */
export interface StepContext {
  /** Title of the whole flow. */
  readonly title: string;
  /** From 1. */
  readonly step: number;
  /** 0 if it depends on the answers. */
  readonly totalSteps: number;
  /** Whether there is a previous step. */
  readonly canGoBack: boolean;
  /** Aborted once the answer is no longer needed. */
  readonly abandoned?: AbortSignal | undefined;
}

/** A prompt without a flow. */
export function standalone(title: string): StepContext {
  return { title, step: 1, totalSteps: 1, canGoBack: false };
}

/** The user pressed the Back button. */
export class Back extends Error {
  override readonly name = 'Back';
}

/** Asks a question and stores the answer. `Back` returns to the previous step, or repeats the first one. */
export type Step = (place: StepContext) => Promise<void>;

/** Options of a flow. */
interface Flow {
  /** Index of the first step to ask. The steps before it are already answered. */
  readonly from?: number;
  /** Number of steps to show; 0 if it depends on the answers. */
  readonly totalSteps?: number;
  /** See {@link StepContext.abandoned}. */
  readonly abandoned?: AbortSignal | undefined;
}

/**
 * Asks the steps in order. Back returns to the previous one.
 * @throws CanceledError on Esc at any step, or once the answer is no longer needed
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
