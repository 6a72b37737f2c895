/**
 * Hosts whose links redirect to another URL, and how to find that URL in the link. Mail programs, chats and documents
 * replace the links in a message with such links.
 */
const WRAPPERS: readonly (readonly [
  host: RegExp,
  target: (link: URL) => string | null | undefined,
])[] = [
  // Outlook and Teams: Microsoft Defender's Safe Links.
  [
    /\.safelinks\.protection\.(outlook|office365)\.(com|us)$/,
    ({ searchParams }) => searchParams.get('url'),
  ],
  [/^statics\.teams\.cdn\.office\.net$/, ({ searchParams }) => searchParams.get('url')],
  // Google Search, Gmail, Docs and Chat.
  [
    /^(www\.)?google\.[a-z]{2,3}(\.[a-z]{2})?$/,
    ({ searchParams }) => [searchParams.get('q'), searchParams.get('url')].find(isUrl),
  ],
  [/^slack-redir\.net$/, ({ searchParams }) => searchParams.get('url')],
  // Proofpoint URL Defense, in three versions.
  [/^urldefense(\.proofpoint)?\.com$/, proofpointTarget],
  // Barracuda, Trend Micro and Cisco.
  [/^linkprotect\.cudasvc\.com$/, ({ searchParams }) => searchParams.get('a')],
  [/\.trendmicro\.com$/, ({ searchParams }) => searchParams.get('url')],
  [/^secure-web\.cisco\.com$/, ({ pathname }) => decoded(pathname.split('/')[2])],
  // Mimecast tells only the host.
  [
    /^(protect(-[a-z]+)?\.mimecast|url\.[a-z]+\.m\.mimecastprotect)\.com$/,
    ({ searchParams }) => `https://${searchParams.get('domain') ?? ''}`,
  ],
];

function proofpointTarget({ pathname, searchParams }: URL): string | null | undefined {
  const url = searchParams.get('u');
  if (pathname.startsWith('/v1/')) return url;
  return pathname.startsWith('/v2/')
    ? decoded(url?.replaceAll('-', '%').replaceAll('_', '/'))
    : /^\/v3\/__(.*?)__;/.exec(pathname)?.[1];
}

/** Undoes the escaping of a part of a URL; undefined if it isn't valid. */
function decoded(part = ''): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/**
 * Hosts that people mistake for their instance: websites about Looker, Looker Studio (which doesn't have Looker's API),
 * and the sign-in pages that open on the way to Looker.
 */
const OTHER_SITES = [
  /^((www|docs|cloud|community|developers|help|support|status|marketplace)\.)?looker\.(com|app)$/,
  /^(lookerstudio|datastudio|cloud|docs\.cloud|console\.cloud|support|accounts)\.google\.com$/,
  /\.googleapis\.com$/,
  /^login\.microsoftonline\.com$|\.(okta|okta-emea|oktapreview|auth0|onelogin|jumpcloud)\.com$/,
  /\.(awsapps|cloudflareaccess)\.com$/,
  ...WRAPPERS.map(([host]) => host),
];

/**
 * The URL that a redirecting link was made from, see {@link WRAPPERS}.
 * @param origin of the link
 * @param path of the link, with query and fragment
 * @returns the URL as it is written in the link; undefined if this isn't such a link
 */
export function wrappedUrl(origin: string, path: string): string | undefined {
  const { hostname } = new URL(origin);
  const [, target] = WRAPPERS.find(([host]) => host.test(hostname)) ?? [];
  const url = target?.(new URL(origin + path));
  return url && isUrl(url) ? url : undefined;
}

function isUrl(text: string | null): boolean {
  return /^https?:\/\/./i.test(text ?? '');
}

/** Whether this host is certainly not a Looker instance, though people may mistake it for theirs. */
export function isOtherSite(hostname: string): boolean {
  return OTHER_SITES.some((site) => site.test(hostname));
}

/** Whether Looker itself hosts this instance. */
export function isHostedByLooker(hostname: string): boolean {
  return /\.looker\.(com|app)$/.test(hostname) && !isOtherSite(hostname);
}
