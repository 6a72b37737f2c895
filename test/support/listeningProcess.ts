import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The process of this user (on Linux) that listens on a loopback port. @throws Error if there is none */
export function listeningProcess(port: number): number {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const LISTENS = '0A';
  const line = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((text) => text.trim().split(/\s+/))
    .find(([, local, , state]) => local === address && state === LISTENS);
  const socket = `socket:[${line?.[9] ?? 'none'}]`;
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, socket));
  if (pid === undefined) throw new Error(`No process listens on port ${port}.`);
  return Number(pid);
}

function holds(pid: string, socket: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((file) => readlinkSync(`${folder}/${file}`) === socket);
  } catch {
    // It belongs to another user, or has ended.
    return false;
  }
}
