import { isHostedByLooker } from './otherSites';
import type { PastedUrl } from './shownLinks';

/** The first path segments of Looker's own pages, which pasted links start with. */
const PAGES = new Set(
  (
    'account accounts admin agents alerts alive applications auth boards browse components content conversations ' +
    'dash dashboard dashboards dashboards-legacy dashboards-next data data_dictionary datatests derived_tables ' +
    'documents embed explore explores extensions external_oauth favorites folders home homepage homepages ' +
    'integrations keys ldap login logout look lookml lookml_dashboards looks marketplace mcp merge merge_edit ' +
    'model models oauth oauth2callback oidc openidconnect password projects queries query recent render reports ' +
    'saml samlcallback saved_searches scheduled_plans schedules search session settings setup shared spaces sql ' +
    'sqlrunner start static stats swagger users validate versions welcome x'
  ).split(' '),
);

/** What can follow `/api/` on a Looker server. Anything else is a service behind a gateway. */
const BELOW_API = /^(?:\d+(?:\.\d+)?|internal|token|logout|login)?$/;

/**
 * Whether Looker is at the root of a URL's host. It always is on Looker's own hosts; elsewhere, the path has to be one
 * of Looker's pages. Other paths are ambiguous: a gateway may serve Looker below `/looker`, for example.
 */
export function isAtRoot({ origin, path }: PastedUrl): boolean {
  return isHostedByLooker(new URL(origin).hostname) || isLookerPath(path);
}

/** @param path with query and fragment, if any */
function isLookerPath(path: string): boolean {
  const end = path.search(/[?#]/);
  const [first = '', second = ''] = (end < 0 ? path : path.slice(0, end))
    .toLowerCase()
    .split('/')
    .filter(Boolean);
  if (first === 'api') return BELOW_API.test(second);
  const page = first.split(/[;.]/, 1)[0] ?? '';
  return page === '' || first === 'api-docs' || PAGES.has(page);
}
