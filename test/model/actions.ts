import * as fc from 'fast-check';
import { LOOKER_FAULTS, type LookerFault } from './memoryLooker';
import type { EventFault, KeyringFault } from './hostileSecrets';
import { DAMAGES, type Damage } from './world';

/** The actions of a run, independent of what they apply to: numbers select one of the existing windows or accounts. */
export type Action =
  | { readonly do: 'login'; readonly window: number; readonly user: number }
  | {
      readonly do: 'loginAs';
      readonly window: number;
      readonly account: number;
      readonly user: number;
    }
  | { readonly do: 'cancelLogins' }
  | { readonly do: 'logout'; readonly window: number; readonly account: number }
  | { readonly do: 'logoutAll'; readonly window: number }
  | { readonly do: 'session'; readonly window: number; readonly account: number }
  | { readonly do: 'devSession'; readonly window: number; readonly account: number }
  | { readonly do: 'renew'; readonly window: number; readonly account: number }
  /** The user lets another extension use the active account. */
  | { readonly do: 'allow'; readonly window: number }
  /** The extension requests the active account's session. */
  | { readonly do: 'ask'; readonly window: number; readonly isDev: boolean }
  /** The user stops acting as another user, if that is the active account. */
  | { readonly do: 'stopActing'; readonly window: number }
  | { readonly do: 'search'; readonly window: number; readonly account: number }
  | { readonly do: 'activate'; readonly window: number; readonly account: number }
  | { readonly do: 'beat'; readonly window: number }
  | { readonly do: 'focus'; readonly window: number }
  | { readonly do: 'openWindow' }
  | { readonly do: 'closeWindow'; readonly window: number }
  | { readonly do: 'passTime'; readonly minutes: number }
  | { readonly do: 'sleep'; readonly minutes: number }
  | { readonly do: 'jumpClock'; readonly minutes: number }
  | { readonly do: 'setLife'; readonly seconds: number }
  | { readonly do: 'revokeTokens' }
  | { readonly do: 'disable'; readonly user: number; readonly isDisabled: boolean }
  | { readonly do: 'changeKey'; readonly user: number }
  | { readonly do: 'damage'; readonly record: number; readonly how: Damage }
  | { readonly do: 'forgetAll' }
  | { readonly do: 'lookerFault'; readonly fault: LookerFault }
  | { readonly do: 'keyringFault'; readonly fault: KeyringFault }
  | { readonly do: 'eventFault'; readonly fault: EventFault };

/** An action, and how far pending work gets before the next one. */
export interface Step {
  readonly action: Action;
  readonly waits: number;
}

/** A whole run: `seed` determines the order in which pending work continues, so that the run can be repeated. */
export interface Run {
  readonly seed: number;
  readonly skewMinutes: number;
  readonly renewal: 'background' | 'onUse' | 'off';
  readonly steps: readonly Step[];
}

/** Number of users of the Looker in the model; 1 and 2 are admins. */
export const USERS = 4;
export const ADMINS = 2;

const window = fc.nat({ max: 3 });
const account = fc.nat({ max: 7 });
const user = fc.integer({ min: 1, max: USERS });

function action<const Name extends Action['do'], Facts>(
  name: Name,
  facts: { [Key in keyof Facts]: fc.Arbitrary<Facts[Key]> },
): fc.Arbitrary<{ do: Name } & Facts> {
  return fc.record({ do: fc.constant(name), ...facts }) as unknown as fc.Arbitrary<
    { do: Name } & Facts
  >;
}

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: action('login', { window, user }) },
  { weight: 4, arbitrary: action('loginAs', { window, account, user }) },
  { weight: 1, arbitrary: action('cancelLogins', {}) },
  { weight: 3, arbitrary: action('logout', { window, account }) },
  { weight: 1, arbitrary: action('logoutAll', { window }) },
  { weight: 6, arbitrary: action('session', { window, account }) },
  { weight: 3, arbitrary: action('devSession', { window, account }) },
  { weight: 3, arbitrary: action('renew', { window, account }) },
  { weight: 2, arbitrary: action('allow', { window }) },
  { weight: 3, arbitrary: action('ask', { window, isDev: fc.boolean() }) },
  { weight: 1, arbitrary: action('stopActing', { window }) },
  { weight: 1, arbitrary: action('search', { window, account }) },
  { weight: 3, arbitrary: action('activate', { window, account }) },
  { weight: 5, arbitrary: action('beat', { window }) },
  { weight: 1, arbitrary: action('focus', { window }) },
  { weight: 1, arbitrary: action('openWindow', {}) },
  { weight: 1, arbitrary: action('closeWindow', { window }) },
  {
    weight: 5,
    arbitrary: action('passTime', { minutes: fc.constantFrom(0.5, 1, 5, 54, 57, 59, 600) }),
  },
  { weight: 2, arbitrary: action('sleep', { minutes: fc.constantFrom(1, 57, 4000) }) },
  { weight: 2, arbitrary: action('jumpClock', { minutes: fc.constantFrom(-600, -7, 7, 600) }) },
  { weight: 1, arbitrary: action('setLife', { seconds: fc.constantFrom(1, 90, 600, 3600) }) },
  { weight: 1, arbitrary: action('revokeTokens', {}) },
  { weight: 1, arbitrary: action('disable', { user, isDisabled: fc.boolean() }) },
  { weight: 1, arbitrary: action('changeKey', { user }) },
  {
    weight: 2,
    arbitrary: action('damage', {
      record: fc.nat({ max: 7 }),
      how: fc.constantFrom(...DAMAGES),
    }),
  },
  { weight: 1, arbitrary: action('forgetAll', {}) },
  { weight: 4, arbitrary: action('lookerFault', { fault: fc.constantFrom(...LOOKER_FAULTS) }) },
  {
    weight: 2,
    arbitrary: action('keyringFault', {
      fault: fc.constantFrom<KeyringFault>('fails', 'failsAfterwards'),
    }),
  },
  {
    weight: 3,
    arbitrary: action('eventFault', {
      fault: fc.constantFrom<EventFault>('doubled', 'spurious', 'missing'),
    }),
  },
);

export const anyRun: fc.Arbitrary<Run> = fc.record({
  seed: fc.noShrink(fc.integer()),
  skewMinutes: fc.constantFrom(0, -90, 90, 3),
  renewal: fc.constantFrom('background' as const, 'onUse' as const, 'off' as const),
  steps: fc.array(
    fc.record({ action: anyAction, waits: fc.oneof(fc.nat({ max: 12 }), fc.constant(100)) }),
    { maxLength: 30, size: 'max' },
  ),
});
