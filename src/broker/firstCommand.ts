import { ACCESS_TOKEN, brokerUrl, type Address } from './environment';

/**
 * A command that asks Looker for the current user, in the syntax of each shell. In Windows PowerShell, `curl` is a
 * different command that doesn't accept such a header.
 * @param shell path of the shell's program
 */
export function firstCommand(shell: string, address: Pick<Address, 'port' | 'apiVersion'>): string {
  const [, name = ''] = /([^\\/]+?)(?:\.exe)?$/i.exec(shell) ?? [];
  const ask = (curl: string, token: string) =>
    `${curl} -H "Authorization: token ${token}" ${brokerUrl(address)}/api/${address.apiVersion}/user`;
  switch (name.toLowerCase()) {
    case 'powershell':
      return ask('curl.exe', `$env:${ACCESS_TOKEN}`);
    case 'pwsh':
      return ask('curl', `$env:${ACCESS_TOKEN}`);
    case 'nu':
      return ask('curl', `($env.${ACCESS_TOKEN})`).replace(' "', ' $"');
    case 'cmd':
      return ask('curl', `%${ACCESS_TOKEN}%`);
    default:
      return ask('curl', `$${ACCESS_TOKEN}`);
  }
}
