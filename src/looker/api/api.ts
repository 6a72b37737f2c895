import type { LookerApi } from './lookerApi';

/** What {@link LookerApi} can do. */
export type Api = Pick<LookerApi, keyof LookerApi>;
