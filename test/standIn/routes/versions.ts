import type { ApiVersion } from '../apiVersion';
import { callerOf } from '../authentication';
import { selectFields } from '../fields';
import type { Instance } from '../instance';
import { queryOf } from '../query';
import { originOf, type Route } from './route';

/** `GET /versions` at the root of the server, without a login. */
export const publicVersions: Route = (instance, version) => (request, response) => {
  const versions = writeVersions(instance, version, originOf(request));
  response.json(selectFields(versions, queryOf(request)['fields']));
};

/** `GET /versions` of an API version, which requires a token. */
export const versions: Route = (instance, version) => (request, response) => {
  callerOf(instance, request);
  publicVersions(instance, version)(request, response);
};

function writeVersions({ release, apiVersions }: Instance, version: ApiVersion, origin: string) {
  const [major = '', minor = ''] = release.split('.');
  const elements = apiVersions.map((version) => ({
    version,
    full_version: version === '4.0' ? `4.0.${major}.${minor}` : `${version}.0`,
    status: version === '4.0' ? 'current' : 'legacy',
    swagger_url: `${origin}/api/${version}/swagger.json`,
  }));
  return {
    looker_release_version: release,
    current_version: elements.at(-1),
    supported_versions: elements,
    api_server_url: origin,
    ...(version !== '3.0' && { web_server_url: origin }),
  };
}
