/**
 * A sentence that may hold what another program says went wrong, without a link or an icon in it. In notifications, in
 * progress and under boxes `[words](command:id)` is a link that runs any command (`src/vs/base/common/linkedText.ts` in
 * microsoft/vscode), and in lists, under boxes and in the status bar `$(id)` is an icon. Names and all other values from
 * outside are inert before they come here: see `src/looker/inert.ts`.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}
