/** An instance as read from a text. */
export interface PastedUrl {
  /** Its host is always written in the text. */
  readonly origin: string;
  /** Path, query and fragment, as written. */
  readonly path: string;
}

/** Longest parts of a link that are searched, so that unfinished links don't make a long text slow. */
const TARGET = String.raw`https?:\/\/[^\s"'<>|]{1,2000}?`;
const SHOWN = String.raw`[^\s"'\`<>|()[\]]{1,2000}`;

/** How programs write a link as plain text, each with what is `shown` and its `target`. */
const FORMS = [
  // Outlook: `text<target>`
  String.raw`(?<![^\s"'\`<>|()[\]])(?<shown>${SHOWN})<(?<target>${TARGET})>`,
  // Markdown: `[text](target "title")`
  String.raw`\[(?<shown>${SHOWN})\]\(\s{0,9}<?(?<target>${TARGET})>?(?:\s[^()\n]{0,200})?\)`,
  // Slack: `<target|text>`
  String.raw`<(?<target>${TARGET})\|(?<shown>${SHOWN})>`,
  // HTML
  String.raw`<a\s[^<>]{0,200}?href=["']?(?<target>${TARGET})["']?(?:\s[^<>]{0,500})?>(?<shown>${SHOWN})<\/a>`,
].map((form) => new RegExp(form, 'gi'));

/**
 * Replaces each link whose text is a URL of the same host as its target by that one URL, as `<https://…>`. Programs make
 * such links of a host that was written without a scheme, often with `http`; the URL has `https` if either has it. A link
 * that leads to another host stays as it is.
 * @param read reads a URL; undefined if the text isn't one
 */
export function withoutLinkTexts(
  text: string,
  read: (text: string) => PastedUrl | undefined,
): string {
  const replace = (link: string, shownText: string, targetText: string) => {
    const shown = read(shownText);
    const target = shown && read(targetText);
    if (!shown || !target || /[\s<>]/.test(target.path)) return link;
    if (new URL(shown.origin).host !== new URL(target.origin).host) return link;
    const origin = shown.origin.startsWith('https:') ? shown.origin : target.origin;
    return `<${origin}${target.path}>`;
  };
  return FORMS.reduce(
    (before, form) =>
      before.replace(form, (link: string, ...rest: readonly unknown[]) => {
        const { shown = '', target = '' } = rest.at(-1) as Partial<Record<string, string>>;
        return replace(link, shown, target);
      }),
    text,
  );
}
