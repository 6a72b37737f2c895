/**
 * The same text, in which VS Code finds neither a link nor an icon. Names come from servers, settings and files; but in
 * notifications, in progress and under boxes `[words](command:id)` is a link that runs any command
 * (`src/vs/base/common/linkedText.ts` in microsoft/vscode), and in lists, under boxes and in the status bar `$(id)` is
 * an icon.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}
