import * as vscode from 'vscode';
import { InvalidInstanceError, LookerError } from '../../looker/errors';
import { showPrompt, type PromptButton } from './showPrompt';
import type { Place } from './steps';

/** One question with a typed answer. */
export interface TextQuestion<Answer> {
  readonly place: Place;
  readonly prompt: string;
  readonly placeholder?: string;
  /** What stands in the box at first. */
  readonly value?: string | undefined;
  /** What was wrong with that value, when it is asked for again. */
  readonly error?: string | undefined;
  readonly isSecret?: boolean;
  /** Something to switch on and off beside the answer. */
  readonly toggle?: Toggle;
  /**
   * Makes the answer of what was typed; may ask the network. What it throws for the user is shown under
   * the box, and nothing typed is lost.
   */
  readonly accept: (typed: string, signal: AbortSignal) => Answer | Promise<Answer>;
}

/** A choice with two states, as a button that changes the prompt's words. */
export interface Toggle {
  readonly isOn: boolean;
  readonly set: (isOn: boolean) => void;
  /** What the prompt says, and what the button offers, in a state. */
  readonly look: (isOn: boolean) => {
    readonly prompt: string;
    readonly icon: string;
    readonly offers: string;
  };
}

/** Asks for a text. @throws CancelledError on Esc; Back */
export async function askText<Answer>(question: TextQuestion<Answer>): Promise<Answer> {
  const box = vscode.window.createInputBox();
  box.prompt = question.prompt;
  box.placeholder = question.placeholder;
  box.value = question.value ?? '';
  box.validationMessage = question.error;
  box.password = question.isSecret ?? false;
  let check: AbortController | undefined;
  const stopChecking = () => {
    check?.abort();
    check = undefined;
    box.busy = false;
  };
  box.onDidChangeValue(() => {
    stopChecking();
    box.validationMessage = undefined;
  });
  try {
    return await showPrompt<Answer>(
      box,
      question.place,
      ({ answer, fail }) => {
        const accept = async () => {
          if (check) return;
          const { signal } = (check = new AbortController());
          box.busy = true;
          try {
            answer(await question.accept(box.value.trim(), signal));
          } catch (error) {
            if (signal.aborted) return;
            stopChecking();
            if (isForTheUser(error)) box.validationMessage = error.message;
            else fail(error);
          }
        };
        box.onDidAccept(() => void accept());
      },
      question.toggle && toggleButton(box, question.toggle),
    );
  } finally {
    check?.abort();
  }
}

function toggleButton(box: vscode.InputBox, toggle: Toggle): PromptButton {
  let { isOn } = toggle;
  const show = () => {
    const { prompt, icon, offers } = toggle.look(isOn);
    box.prompt = prompt;
    return { iconPath: new vscode.ThemeIcon(icon), tooltip: offers };
  };
  return {
    button: show(),
    press: () => {
      toggle.set((isOn = !isOn));
      return show();
    },
  };
}

/** What may be wrong with an answer, in words for whoever typed it. */
export class InvalidAnswerError extends Error {
  override readonly name = 'InvalidAnswerError';
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
  return (
    error instanceof LookerError ||
    error instanceof InvalidInstanceError ||
    error instanceof InvalidAnswerError
  );
}
