import http from 'node:http';
import https from '../tls/verifiedHttps';
import type { OverTls } from '../tls/privateTls';
import type { FetchStream, StreamedResponse } from './streams';

/**
 * Sends one request, streams its body, and resolves with the head of the response. It calls the same functions as
 * `node-fetch`, so VS Code's proxy and our verification apply here, too. `node-fetch` itself would double the time of a
 * small request, with the streams, headers and promises that it creates for each response.
 * @throws Node's error if there is no response; the reason of `signal` once it is aborted
 */
export const fetchStream: OverTls<Parameters<FetchStream>[1], StreamedResponse> = (
  url,
  { method, headers, body, signal, agent },
) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const options = {
      method,
      headers: body ? framed(headers) : headers,
      // Set explicitly, because a process-wide option can change the default.
      insecureHTTPParser: false,
    };
    const sent = url.startsWith('https:')
      ? https.request(url, { ...options, agent })
      : http.request(url, options);
    signal.addEventListener('abort', () => sent.destroy(signal.reason as Error), { once: true });
    // Once there is a response, errors reach the reader of its body.
    sent.on('error', reject);
    // If the server switches protocols unasked, Node closes the connection without an error.
    sent.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(Object.assign(new Error('upgraded'), { code: 'ECONNRESET' }));
    });
    sent.once('response', (response) => {
      resolve({
        status: response.statusCode ?? 0,
        rawHeaders: response.rawHeaders,
        body: response,
      });
    });
    if (!body || Buffer.isBuffer(body)) sent.end(body);
    else body.pipe(sent);
  });

/**
 * Headers that say where the body ends. For a `DELETE` without a length, Node would send the bytes without marking their
 * end (`useChunkedEncodingByDefault` in its `_http_client.js`), and the server would read them as the next request.
 */
function framed(headers: Record<string, string>): Record<string, string> {
  return 'content-length' in headers ? headers : { ...headers, 'transfer-encoding': 'chunked' };
}
