import http from 'node:http';
import https from '../tls/verifiedHttps';
import type { OverTls } from '../tls/privateTls';
import type { FetchStream, StreamedResponse } from './streams';

/**
 * Sends one request, its body as it comes in, and resolves with the head of the response. It calls what `node-fetch`
 * calls, so that VS Code's proxy and our verification hold for it, too; the streams, headers and promises that
 * `node-fetch` puts around each response take as long as all the rest of passing on a small one.
 * @throws the error of Node's that keeps the response from coming; the reason of `signal` once that is aborted
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
      // Said here, since an option of the process may say otherwise.
      insecureHTTPParser: false,
    };
    const sent = url.startsWith('https:')
      ? https.request(url, { ...options, agent })
      : http.request(url, options);
    signal.addEventListener('abort', () => sent.destroy(signal.reason as Error), { once: true });
    // Once there is a response, errors reach the reader of its body.
    sent.on('error', reject);
    // Node closes the connection if the server changes the protocol unasked, without an error.
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
 * With a body that says where it ends. Of a `DELETE` without a length Node sends the bytes with no end at all
 * (`useChunkedEncodingByDefault` in its `_http_client.js`), and the server takes them for its next request.
 */
function framed(headers: Record<string, string>): Record<string, string> {
  return 'content-length' in headers ? headers : { ...headers, 'transfer-encoding': 'chunked' };
}
