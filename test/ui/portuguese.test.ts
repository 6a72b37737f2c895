import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import {
  answerDialog,
  clickStatusBarItem,
  dialogText,
  pickItem,
  pressEscape,
  quickPickItems,
  runCommand,
  screenshots,
  statusBarItem,
  statusBarTooltip,
  submit,
  searchFor,
  typeInto,
  validationMessage,
  waitForQuickInput,
  waitForQuickInputMessage,
} from '../support/workbench';
import { story } from './story';

/** Looker Auth in Brazilian Portuguese. VS Code's own text stays English here, without a language pack. */
describe('in Brazilian Portuguese', () => {
  let looker: StandInLooker;
  let page: Page;
  let host: string;

  story(async (start) => {
    looker = await start(StandInLooker);
    host = new URL(looker.baseUrl).host;
    const machine = await start(Machine, { extensions: [ROOT], language: 'pt-br' });
    page = await machine.openWindow();
    return page;
  });

  it('offers to log in', async () => {
    const { label } = await statusBarItem(page, /Looker: fazer login/);
    assert.equal(label, 'Looker: nenhum login feito. Clique para fazer login.');
    await typeTitle('Looker: ');
    await screenshots(page, 'pt-1-commands');
    await pressEscape(page);
    await screenshots(page, 'pt-2-logged-out');
  });

  it('asks for instance and API key, and says why Looker refuses a key', async () => {
    const { clientId } = looker.apiKeyOf('Ada');
    await runCommand(page, 'Looker: Fazer login…');
    await waitForQuickInput(page, 'Fazer login no Looker (1/3)');
    await submit(page, 'looker');
    assert.match(await validationMessage(page), /^Esta não é a URL de uma instância do Looker\./);
    await screenshots(page, 'pt-3-instance');
    await submit(page, host);
    await waitForQuickInput(page, `Fazer login em ${host} (2/3)`);
    await waitForQuickInputMessage(page, /Para criar uma chave de API/);
    await screenshots(page, 'pt-4-client-id');
    await submit(page, clientId);
    await waitForQuickInput(page, `Fazer login em ${host} (3/3)`);
    await screenshots(page, 'pt-5-client-secret');
    await submit(page, 'wrong-secret');
    await waitForQuickInput(page, /2\/3/);
    assert.match(
      await validationMessage(page),
      /^127\.0\.0\.1:\d+ recusou esta chave de API\. Verifique o client ID/,
    );
    await screenshots(page, 'pt-6-refused-key');
  });

  it('shows the user, and the time left', async () => {
    const { clientSecret } = looker.apiKeyOf('Ada');
    await page.keyboard.press('Enter'); // the client id is still there
    await waitForQuickInput(page, /3\/3/);
    await submit(page, clientSecret);
    const { label } = await statusBarItem(page, /Ada Lovelace · 59 min/);
    assert.equal(label, `Looker: Ada Lovelace em ${host}, token válido por 59 minutos`);
    await screenshots(page, 'pt-7-logged-in');
  });

  it('acts as another user', async () => {
    await runCommand(page, 'Looker: Fazer login como usuário (sudo)…');
    await waitForQuickInput(page, 'Fazer login como usuário (sudo)');
    await searchFor(page, 'turing');
    await screenshots(page, 'pt-8-users');
    await pickItem(page, /Alan Turing/);
    assert.match(await dialogText(page), /^Agir como Alan Turing em /);
    await screenshots(page, 'pt-8a-act-as');
    await answerDialog(page, 'Agir como este usuário');
    await statusBarItem(page, /Alan Turing \(sudo\)/);
    const tooltip = await statusBarTooltip(page, /Alan Turing/);
    assert.match(tooltip, /Parar\sde\sagir\scomo\sAlan\sTuring/);
    await screenshots(page, 'pt-9-tooltip');
  });

  it('lists the accounts', async () => {
    await clickStatusBarItem(page, /Alan Turing/);
    await waitForQuickInput(page, 'Contas do Looker');
    const items = await quickPickItems(page);
    const labels = items.map(({ label }) => label);
    assert.ok(labels.some((label) => label.includes('Alan Turing, sudo por Ada Lovelace')));
    assert.ok(items.some(({ description }) => description.startsWith('ativa · 127')));
    await screenshots(page, 'pt-10-accounts');
    await pickItem(page, /^Alan Turing/);
    await waitForQuickInput(page, /^Alan Turing, sudo por Ada Lovelace · 127/);
    const actions = (await quickPickItems(page)).map(({ label }) => label);
    assert.equal(actions[0], 'Parar de agir como Alan Turing');
    await screenshots(page, 'pt-11-account-actions');
  });

  const typeTitle = async (text: string) => {
    await page.keyboard.press('F1');
    await typeInto(page, `>${text}`);
    await quickPickItems(page);
  };
});
