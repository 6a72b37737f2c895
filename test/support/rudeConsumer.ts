import path from 'node:path';

import { ROOT } from './buildExtension';

/** An extension that requests sessions from VS Code with no regard for the user: absolute path. */
export const RUDE_CONSUMER = path.join(ROOT, 'test', 'host', 'rudeConsumer');
