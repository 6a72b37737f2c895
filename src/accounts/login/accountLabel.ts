import { inertName, isolated } from '../../looker/inert';
import { hostOf } from '../../looker/instance/host';
import type { Account, AccountUser } from '../account';

/**
 * Names the instance, the user and, for sudo, the admin. If another account has that label (people may share a name),
 * the ID is added, and then a number if a name already looks like that. Labels aren't translated, since
 * they must never change.
 * @param taken labels of the other accounts
 */
export function accountLabel(
  { baseUrl, user, admin }: { baseUrl: string; user: AccountUser; admin?: AccountUser },
  taken: Pick<ReadonlySet<string>, 'has'>,
): string {
  const label = (nameOf: (user: AccountUser) => string, number = '') =>
    `${nameOf(user)}${admin ? `, sudo by ${nameOf(admin)}` : ''}${number} (${hostOf(baseUrl)})`;
  const withId = ({ name, id }: AccountUser) => `${isolated(name)} #${id}`;
  let free = label(({ name }) => isolated(name));
  for (let number = 1; taken.has(free); number++) {
    free = label(withId, number === 1 ? '' : `, ${number}`);
  }
  return free;
}

/** Whether a stored label names its account's host, and has only names that are inert, see {@link inertName}. */
export function hasInertLabel({ label, baseUrl }: Pick<Account, 'label' | 'baseUrl'>): boolean {
  const host = ` (${hostOf(baseUrl)})`;
  if (!label.endsWith(host)) return false;
  const names = label.slice(0, -host.length).replace(/[\u2068\u2069]/g, '');
  return names.split(', sudo by ').every((part) => {
    const name = part.replace(/ #[\w-]+(?:, \d+)?$/, '');
    return name !== '' && inertName(name) === name;
  });
}
