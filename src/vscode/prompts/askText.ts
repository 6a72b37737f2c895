import * as vscode from 'vscode';
import type { Event } from '../../base/emitter';
import { categoryOf } from '../../looker/errors/expectedError';
import { InvalidAnswerError } from '../../looker/errors/input';
import { LookerError } from '../../looker/errors/lookerError';
import { plainText } from '../text/plainText';
import { showPrompt, titleButtons, type PromptButton } from './showPrompt';
import type { StepContext } from './steps';

/** One question with a typed answer. */
export interface TextQuestion<Answer> {
  readonly place: StepContext;
  /** What the box shows now; called again when it changes, or when a button is pressed. */
  readonly content: () => Content<Answer>;
  /** Fires when the content changes while the box is open. */
  readonly onDidChange?: Event<void>;
  readonly placeholder?: string;
  /** The initial text. */
  readonly value?: string | undefined;
  /** The error for the initial text, if it was rejected before. */
  readonly error?: string | undefined;
  readonly isSecret?: boolean;
  /** Called for each change of the text. A returned text replaces it. */
  readonly read?: (typed: string) => string | undefined;
  /**
   * Turns the text into the answer; undefined keeps the box open. It may send requests, and its result is ignored if
   * the user types something else in the meantime. An error for the user is shown under the box, and the text stays.
   */
  readonly accept: (typed: string) => Answer | undefined | Promise<Answer | undefined>;
  /** An answer from elsewhere, or its error: either closes the box. */
  readonly elsewhere?: Promise<Answer>;
}

/** What a text box shows besides the text. */
export interface Content<Answer = never> {
  /** By default, the title of the flow. */
  readonly title?: string;
  readonly prompt: string;
  /** Whether the text is hidden for now, in a box that isn't for a secret. */
  readonly isSecret?: boolean;
  /** Shown under the box unless there is an error. */
  readonly note?: vscode.InputBoxValidationMessage | undefined;
  readonly buttons?: readonly PromptButton<Answer>[];
}

/** Asks for a text. @throws CanceledError on Esc; Back */
export async function askText<Answer>(question: TextQuestion<Answer>): Promise<Answer> {
  const box = vscode.window.createInputBox();
  box.placeholder = question.placeholder;
  box.value = question.value ?? '';
  let { error } = question;
  const update = () => {
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
  update();
  const changes = question.onDidChange?.(update);
  /** The running check of an entered text, until it is done or the text changes. */
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
    update();
  });
  box.onDidTriggerButton(() => {
    queueMicrotask(update);
  });
  try {
    return await showPrompt<Answer>(box, question.place, ({ answer, fail }) => {
      const accept = async () => {
        if (check) return;
        const own = (check = Symbol());
        box.busy = true;
        error = undefined;
        update();
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
            update();
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

/** An `accept` that only rejects an empty text. */
export function required(message: string): (typed: string) => string {
  return (typed) => {
    if (typed === '') throw new InvalidAnswerError(message);
    return typed;
  };
}

/** Whether an error is about the answer, so that its message belongs under the box. */
export function isForTheUser(error: unknown): error is Error {
  return error instanceof LookerError || categoryOf(error) === 'input';
}
