/** Whose links lead elsewhere, and how: mail, chats and documents put them in place of those that people write. */
const WRAPPERS: readonly (readonly [
  host: RegExp,
  target: (link: URL) => string | null | undefined,
])[] = [
  // Outlook and Teams: Safe Links of Microsoft Defender.
  [/\.safelinks\.protection\.outlook\.com$/, ({ searchParams }) => searchParams.get('url')],
  [/^statics\.teams\.cdn\.office\.net$/, ({ searchParams }) => searchParams.get('url')],
  // Google's search, mail, documents and chats.
  [
    /^(www\.)?google\.[a-z]{2,3}(\.[a-z]{2})?$/,
    ({ searchParams }) => searchParams.get('q') ?? searchParams.get('url'),
  ],
  [/^slack-redir\.net$/, ({ searchParams }) => searchParams.get('url')],
  // Proofpoint.
  [/^urldefense\.com$/, ({ pathname }) => /^\/v3\/__(.*?)__;/.exec(pathname)?.[1]],
];

/** Pages about Looker, a product of that name that has no API of Looker's, and where people sign in on their way to it. */
const OTHER_SITES = [
  /^((www|docs|cloud|community|developers|help|support|status|marketplace)\.)?looker\.(com|app)$/,
  /^(lookerstudio|datastudio|cloud|docs\.cloud|console\.cloud|support|accounts)\.google\.com$/,
  /^login\.microsoftonline\.com$|\.(okta|auth0|onelogin)\.com$/,
  ...WRAPPERS.map(([host]) => host),
];

/**
 * Where a link leads that a mail program, a chat or a document has put in place of the one that was written.
 * @param origin where it leads at first
 * @param path with query and fragment, if any
 * @returns a URL as it stands in the link; undefined where it is no such link
 */
export function wrappedUrl(origin: string, path: string): string | undefined {
  const { hostname } = new URL(origin);
  const [, target] = WRAPPERS.find(([host]) => host.test(hostname)) ?? [];
  const url = target?.(new URL(origin + path));
  return url && /^https?:\/\//i.test(url) ? url : undefined;
}

/** Whether a host is one that people take for their instance, and certainly is none. */
export function isOtherSite(hostname: string): boolean {
  return OTHER_SITES.some((site) => site.test(hostname));
}
