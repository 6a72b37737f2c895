import './verifiedHttps';
import fetch from 'node-fetch';
import type { Fetch } from '../../src/looker/network/http';
import {
  fetchVerified,
  type FetchOverTls,
  type OverTls,
  type Trust,
} from '../../src/looker/tls/privateTls';
import type { FetchStream, StreamedReply } from '../../src/looker/network/streams';

/** The extension's `fetch` for an instance, which trusts the system's certificates unless `trust` is given. */
export function fetchFor(baseUrl: string, trust?: Trust): Fetch {
  return fetchVerified(nodeFetch, baseUrl, trust);
}

/** The same, with streamed bodies. */
export function streamFor(baseUrl: string, trust?: Trust): FetchStream {
  return fetchVerified(nodeFetchStream, baseUrl, trust);
}

const nodeFetchStream: OverTls<Parameters<FetchStream>[1], StreamedReply> = async (
  url,
  { agent, ...init },
) => (await fetch(url, { ...init, agent: agent as never })) as unknown as StreamedReply;

const nodeFetch: FetchOverTls = (url, { agent, ...init }) =>
  fetch(url, { ...init, agent: agent as never });
