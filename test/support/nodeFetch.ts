import './verifiedHttps';
import fetch from 'node-fetch';
import type { Fetch } from '../../src/looker/network/http';
import { fetchStream } from '../../src/looker/network/fetchStream';
import type { FetchStream } from '../../src/looker/network/streams';
import { fetchVerified, type FetchOverTls, type Trust } from '../../src/looker/tls/privateTls';

/** The extension's `fetch` for an instance, which trusts the system's certificates unless `trust` is given. */
export function fetchFor(baseUrl: string, trust?: Trust): Fetch {
  return fetchVerified(nodeFetch, baseUrl, trust);
}

/** The same, with streamed bodies. */
export function streamFor(baseUrl: string, trust?: Trust): FetchStream {
  return fetchVerified(fetchStream, baseUrl, trust);
}

/** `node-fetch` as the extension loads it. */
export const nodeFetch: FetchOverTls = (url, { agent, ...init }) =>
  fetch(url, { ...init, agent: agent as never });
