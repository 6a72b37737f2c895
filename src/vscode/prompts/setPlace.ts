import * as vscode from 'vscode';
import type { Place } from './steps';

/** Dresses a prompt for its place in a flow. Looking elsewhere, for a key to copy, does not close it. */
export function setPlace(
  prompt: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  place: Place,
): void {
  prompt.title = place.title;
  if (place.totalSteps > 1) {
    prompt.step = place.step;
    prompt.totalSteps = place.totalSteps;
  }
  prompt.ignoreFocusOut = true;
  if (place.canGoBack) prompt.buttons = [vscode.QuickInputButtons.Back];
}
