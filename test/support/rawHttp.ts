import { connect, type Socket } from 'node:net';

/** What arrived on a connection before it was closed or a whole response was read. */
export interface RawResponse {
  /** 0 if nothing arrived. */
  readonly status: number;
  readonly text: string;
}

/** Opens a connection to a port of this machine. */
export function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  // Many tests expect a closed connection.
  socket.on('error', () => undefined);
  return socket;
}

/** Sends these bytes unchanged, and reads until the connection is closed or quiet. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<RawResponse> {
  const socket = open(port);
  socket.write(bytes);
  const text = await readAll(socket);
  socket.destroy();
  return { status: statusIn(text), text };
}

/** The head of a request, one header per line. */
export function head(requestLine: string, ...headers: readonly string[]): string {
  return [requestLine, ...headers, '', ''].join('\r\n');
}

/** Reads until the connection is closed, or a response is complete according to its length. */
export function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const end = () => {
      resolve(text);
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (isComplete(text)) end();
    });
    socket.once('close', end);
  });
}

/** Resolves once the other side has closed the connection. */
export function closed(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else
      socket.once('close', () => {
        resolve();
      });
  });
}

function statusIn(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const headers = text.slice(0, end);
  const length = /^content-length: *(\d+)/im.exec(headers)?.[1];
  if (length !== undefined) return text.length >= end + 4 + Number(length);
  return /^transfer-encoding: *chunked/im.test(headers)
    ? text.endsWith('0\r\n\r\n')
    : text.startsWith('HTTP/1.1 204');
}
