/** The first path segments of Looker's own pages, which pasted links start with. */
const PAGES = new Set(
  (
    'account accounts admin agents alerts alive applications auth boards browse components content conversations ' +
    'dash dashboard dashboards dashboards-next data data_dictionary datatests derived_tables documents embed ' +
    'explore explores extensions favorites folders home homepage homepages integrations keys ldap login logout ' +
    'lookml lookml_dashboards looks look marketplace mcp merge model models oauth oidc password projects queries ' +
    'query recent render reports saml saved_searches schedules scheduled_plans search session settings setup ' +
    'shared spaces sql sqlrunner start static stats swagger users validate versions welcome x'
  ).split(' '),
);

/** What can follow `/api/` on a Looker server. Anything else is a service behind a gateway. */
const BELOW_API = /^(?:\d+(?:\.\d+)?|internal|token|logout|login)?$/;

/**
 * Whether a path is one of Looker's own, so that Looker is at the root of the host. Other paths are ambiguous: a
 * gateway may serve Looker below `/looker`, for example.
 * @param path with query and fragment, if any
 */
export function isLookerPath(path: string): boolean {
  const end = path.search(/[?#]/);
  const [first = '', second = ''] = (end < 0 ? path : path.slice(0, end))
    .toLowerCase()
    .split('/')
    .filter(Boolean);
  if (first === 'api') return BELOW_API.test(second);
  const page = first.split(/[;.]/, 1)[0] ?? '';
  return page === '' || first === 'api-docs' || PAGES.has(page);
}
