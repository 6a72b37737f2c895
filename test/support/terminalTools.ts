import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RecordedRequest } from '../standIn/standInLooker';
import { ROOT } from './buildExtension';

/** Only if this variable names an installation: `npm install @toolbox-sdk/server` takes 300 MB. */
export const TOOLBOX = process.env['LOOKER_AUTH_TOOLBOX'];

/** A client of Looker, as a user runs it in a terminal. */
export interface TerminalTool {
  readonly name: string;
  /** Asks Looker something again and again. Fails with the first response that is none, or is for another user. */
  readonly command: (seconds: number, userId: string) => string;
  /** Whether the instance has been asked by it. */
  readonly isBy: (request: RecordedRequest) => boolean;
  readonly isThere: boolean;
}

/** Looker's own clients, and curl. */
export const TERMINAL_TOOLS: readonly TerminalTool[] = [
  {
    name: '@looker/sdk-node',
    command: (seconds, userId) => `node sdk.mjs ${seconds} ${userId}`,
    isBy: ({ headers }) => headers['x-looker-appid'] === 'TS-SDK',
    isThere: true,
  },
  {
    name: 'curl',
    command: (seconds, userId) => `sh curl.sh ${seconds} ${userId}`,
    isBy: ({ headers }) => (headers['user-agent'] ?? '').startsWith('curl/'),
    isThere: true,
  },
  {
    name: 'MCP Toolbox',
    command: (seconds) => `sh toolbox.sh ${seconds}`,
    isBy: ({ headers }) => headers['x-looker-appid'] === 'go-sdk',
    isThere: TOOLBOX !== undefined,
  },
];

/** What MCP Toolbox asks for; the stand-in has no models of its own. */
export const MODELS = [
  { name: 'thelook', label: '', project_name: 'p', allowed_db_connection_names: ['db'] },
];

/** Writes the scripts that the tools are run with. */
export async function writeToolScripts(folder: string): Promise<void> {
  const scripts = { 'sdk.mjs': SDK, 'curl.sh': CURL, 'toolbox.sh': MCP };
  for (const [name, text] of Object.entries(scripts)) {
    await writeFile(path.join(folder, name), text);
  }
}

const SDK = `
  const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(path.join(ROOT, 'package.json'))});
  const { LookerNodeSDK } = require('@looker/sdk-node');
  console.debug = () => undefined;
  const sdk = LookerNodeSDK.init40();
  for (const end = Date.now() + Number(process.argv[2]) * 1000; Date.now() < end; ) {
    const { id } = await sdk.ok(sdk.me());
    if (id !== process.argv[3]) throw new Error('This is user ' + id);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
`;

const CURL = `
  end=$(($(date +%s) + $1))
  while [ "$(date +%s)" -lt "$end" ]; do
    curl -sSf -H "Authorization: token $LOOKER_ACCESS_TOKEN" "$LOOKER_BASE_URL/api/4.0/user" | grep -q "\\"id\\":\\"$2\\"" || exit
    sleep 1
  done
`;

const say = (method: string, id: number, params: object) =>
  `echo '${JSON.stringify({ jsonrpc: '2.0', id, method, params })}'`;

/** MCP Toolbox stops when its input ends, so the input stays open until it has responded. */
const MCP = `
  talk() {
    ${say('initialize', 0, { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'test', version: '1' } })}
    end=$(($(date +%s) + $1))
    while [ "$(date +%s)" -lt "$end" ]; do
      ${say('tools/call', 1, { name: 'get_models', arguments: {} })}
      sleep 2
    done
    sleep 2
  }
  talk "$1" | ${TOOLBOX ?? 'false'} --stdio --prebuilt looker > ../said.$$ 2>&1
  ! grep -e '"isError":true' -e '"error":' ../said.$$ && grep -q thelook ../said.$$
`;
