/**
 * Makes a text from another program safe to show, without links and icons. In notifications, progress, and under boxes,
 * `[words](command:id)` is a link that runs any command (`src/vs/base/common/linkedText.ts` in microsoft/vscode). In
 * lists, under boxes, and in the status bar, `$(id)` is an icon. Names and other single values are made inert where
 * they come in: see `src/looker/inert.ts`.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}
