import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Accounts } from '../../../src/accounts/accounts';
import { registerAccountsTool } from '../../../src/vscode/chatTool/accountsTool';
import { StandInLooker } from '../../standIn/standInLooker';
import { EXTENSION, logoutEverybody, run } from './looker';
import { ScriptedUser } from './scriptedUser';

const NAME = 'looker_accounts';

describe('the tool for language models', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;

  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
  });
  afterEach(async () => {
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
  });

  const ask = async () => {
    const { content } = await vscode.lm.invokeTool(NAME, {
      input: {},
      toolInvocationToken: undefined,
    });
    return content
      .map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '?'))
      .join('');
  };

  it('is the only one listed, as declared in the manifest', async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    await extension?.activate();
    const { contributes } = extension?.packageJSON as {
      contributes: { languageModelTools: { name: string; modelDescription: string }[] };
    };
    const [declared, ...others] = contributes.languageModelTools;
    assert.deepEqual(others, []);
    const ours = vscode.lm.tools.filter(({ name }) => /looker/i.test(name));
    assert.deepEqual(
      ours.map(({ name, description }) => ({ name, description })),
      [{ name: NAME, description: declared?.modelDescription }],
    );
  });

  it('reports that nobody is logged in', async () => {
    assert.equal(await ask(), '{"accounts":[]}');
  });

  it('reports users and instances, and neither secrets nor tokens', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    user.answer(looker.baseUrl, clientId, clientSecret, { type: 'alan', choose: /Alan Turing/ });
    user.press('Act as This User');
    await run('login');
    await run('loginAsUser');
    const requests = looker.requests.length;
    const answer = await ask();
    const { accounts } = JSON.parse(answer) as { accounts: { minutesLeft: number }[] };
    const common = { instance: looker.baseUrl, needsLogin: false, minutesLeft: 59 };
    assert.deepEqual(accounts, [
      { ...common, user: 'Ada Lovelace', isActive: false },
      { ...common, user: 'Alan Turing', sudoBy: 'Ada Lovelace', isActive: true },
    ]);
    const tokens = looker.liveTokens().map(({ value }) => value);
    assert.equal(tokens.length, 2);
    for (const secret of [clientId, clientSecret, ...tokens]) {
      assert.ok(!answer.includes(secret));
    }
    assert.equal(looker.requests.length, requests, 'Looker was not asked');
  });

  it('asks first, and says what it reveals', async () => {
    let tool: vscode.LanguageModelTool<object> | undefined;
    const registerTool = (_name: string, registered: vscode.LanguageModelTool<object>) => {
      tool = registered;
      return vscode.Disposable.from();
    };
    registerAccountsTool(new Promise<Accounts>(() => undefined), {
      registerTool,
    } as typeof vscode.lm);
    const { token } = new vscode.CancellationTokenSource();
    const prepared = await tool?.prepareInvocation?.({ input: {} }, token);
    const asked = prepared?.confirmationMessages;
    assert.match(asked?.title ?? '', /language model/);
    assert.ok(typeof asked?.message === 'string');
    assert.match(
      asked.message,
      /each account's name and instance URL.*how long.*no tokens and no API/,
    );
  });

  it("isn't registered if the editor has no language models", () => {
    const never = new Promise<Accounts>(() => undefined);
    registerAccountsTool(never, undefined).dispose();
    registerAccountsTool(never, {}).dispose();
  });
});
