import texts from '../../package.nls.json';
import { runCommand, statusBarItem } from '../../test/support/workbench';
import { Film } from './film';
import { PRODUCTION } from './stage';
import { title, type User } from './user';

/** Films a login, an extension that requests the session, and acting as another user. @param file absolute path */
export async function filmStory(user: User, file: string): Promise<void> {
  const { page } = user;
  await page.locator('.part.sidebar .monaco-list-row', { hasText: 'orders' }).dblclick();
  await page.locator('.view-line', { hasText: 'sql_table_name' }).waitFor();
  await runCommand(page, 'Looker Dashboards: Focus on Looker Dashboards View');
  const film = new Film(page);

  await film.say('Log in to Looker once, with your browser');
  await film.show(1500);
  await film.click(page.locator('[id*="lookerAuth.account"] a'));
  await page.locator('.quick-input-box input').waitFor();
  await film.type(PRODUCTION);
  await film.show(600);
  await page.keyboard.press('Enter');
  await user.titled(new RegExp(PRODUCTION));
  await user.row(new RegExp(`${PRODUCTION}.*browser`)).waitFor();
  await film.show(1200);
  await film.click(user.row(/browser/i));
  await user.logInAtLooker(() => film.show(1500));
  await statusBarItem(page, /Ada Lovelace/);
  await film.show(2000);

  await film.say('Extensions ask for your session, not for an API key');
  await film.show(1200);
  await film.click(page.locator('.part.sidebar .monaco-button', { hasText: 'Sign In' }));
  await user.dialog().waitFor();
  await film.show(1500);
  await film.click(user.dialog().getByRole('button', { name: 'Allow' }));
  await user.row(/Ada Lovelace/).waitFor();
  await film.click(user.row(/Ada Lovelace/));
  await user.listed('Payroll').waitFor();
  await film.show(2000);
  await user.allowAsAlan();

  await film.say('Act as another user');
  await film.show(1000);
  await page.keyboard.press('F1');
  await user.row(/./).first().waitFor();
  await film.type(
    title('loginAsUser')
      .replace(/[…(].*$/, '')
      .trim(),
  );
  await user.row(new RegExp(texts['command.loginAsUser.title'].slice(0, 14))).waitFor();
  await film.show(700);
  await page.keyboard.press('Enter');
  await user.row(/Katherine/).waitFor();
  await film.show(700);
  await film.type('turing');
  await user.row(/Katherine/).waitFor({ state: 'detached' });
  await user.row(/Alan Turing/).waitFor();
  await film.show(500);
  await film.click(user.row(/Alan Turing/));
  await user.dialog().waitFor();
  await film.show(1500);
  await film.click(user.dialog().locator('.monaco-button:not(.secondary)').first());
  await statusBarItem(page, /Alan Turing/);
  await user.listed('Payroll').waitFor({ state: 'detached' });
  await user.listed('Customer Churn').waitFor();
  await film.say('Your extensions act as them, too');
  await film.show(2000);
  await user.quiet();
  await film.show(3000);
  await film.write(file);
}
