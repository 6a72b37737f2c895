import * as vscode from 'vscode';
import type { Event } from '../../accounts/emitter';
import { categoryOf } from '../../looker/errors/expectedError';
import { InvalidAnswerError } from '../../looker/errors/input';
import { LookerError } from '../../looker/errors/lookerError';
import { plainText } from '../text/plainText';
import { showPrompt, titleButtons, type PromptButton } from './showPrompt';
import type { StepContext } from './steps';

/** One question with a typed answer. */
export interface TextQuestion<Answer> {
  readonly place: StepContext;
  /** What the box says as things stand; asked again when they change, or one of its buttons is pressed. */
  readonly content: () => Content<Answer>;
  /** Fires when things change while the question is open. */
  readonly onDidChange?: Event<void>;
  readonly placeholder?: string;
  /** What stands in the box at first. */
  readonly value?: string | undefined;
  /** What was wrong with that value, when it is asked for again. */
  readonly error?: string | undefined;
  readonly isSecret?: boolean;
  /** Told of all typing at once. What it returns, if anything, takes the place of what is typed. */
  readonly read?: (typed: string) => string | undefined;
  /**
   * Makes the answer of what was typed, or undefined to go on asking; may ask the network, and counts for nothing
   * where something else is typed meanwhile. What it throws for the user is shown under the box, and nothing typed is
   * lost.
   */
  readonly accept: (typed: string) => Answer | undefined | Promise<Answer | undefined>;
  /** An answer that may come from elsewhere meanwhile, or why there will be none: it ends the question. */
  readonly elsewhere?: Promise<Answer>;
}

/** What a text box shows besides what is typed. */
export interface Content<Answer = never> {
  /** That of the flow by default. */
  readonly title?: string;
  readonly prompt: string;
  /** Whether what is typed is hidden now, though it is asked for as no secret. */
  readonly isSecret?: boolean;
  /** Shown under the box unless something is wrong with what is typed. */
  readonly note?: vscode.InputBoxValidationMessage | undefined;
  readonly buttons?: readonly PromptButton<Answer>[];
}

/** Asks for a text. @throws CanceledError on Esc; Back */
export async function askText<Answer>(question: TextQuestion<Answer>): Promise<Answer> {
  const box = vscode.window.createInputBox();
  box.placeholder = question.placeholder;
  box.value = question.value ?? '';
  let { error } = question;
  const dress = () => {
    const { title = question.place.title, prompt, isSecret, note, buttons } = question.content();
    box.title = title;
    box.password = question.isSecret ?? isSecret ?? false;
    box.prompt = plainText(prompt);
    box.buttons = titleButtons(question.place, buttons);
    box.validationMessage =
      error === undefined
        ? note && { ...note, message: plainText(note.message) }
        : plainText(error);
  };
  dress();
  const changes = question.onDidChange?.(dress);
  /** The check of what was entered, until it is done, or something else is typed. */
  let check: symbol | undefined;
  const stopChecking = () => {
    check = undefined;
    box.busy = false;
  };
  box.onDidChangeValue(() => {
    stopChecking();
    error = undefined;
    const instead = question.read?.(box.value);
    if (instead !== undefined) box.value = instead;
    dress();
  });
  box.onDidTriggerButton(() => {
    queueMicrotask(dress);
  });
  try {
    return await showPrompt<Answer>(box, question.place, ({ answer, fail }) => {
      const accept = async () => {
        if (check) return;
        const own = (check = Symbol());
        box.busy = true;
        error = undefined;
        dress();
        try {
          const accepted = await question.accept(box.value.trim());
          if (check !== own) return;
          if (accepted !== undefined) answer(accepted);
          else stopChecking();
        } catch (thrown) {
          if (check !== own) return;
          stopChecking();
          if (isForTheUser(thrown)) {
            error = thrown.message;
            dress();
          } else fail(thrown);
        }
      };
      box.onDidAccept(() => void accept());
      question.elsewhere?.then(answer, fail);
    });
  } finally {
    changes?.dispose();
    check = undefined;
  }
}

/** An `accept` for texts that only must not be empty. */
export function required(message: string): (typed: string) => string {
  return (typed) => {
    if (typed === '') throw new InvalidAnswerError(message);
    return typed;
  };
}

/** Whether an error is about the answer, and its message is for whoever gave it. */
export function isForTheUser(error: unknown): error is Error {
  return error instanceof LookerError || categoryOf(error) === 'input';
}
