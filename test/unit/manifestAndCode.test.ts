import assert from 'node:assert/strict';
import ts from 'typescript';
import { API_VERSIONS } from '../../src/looker/api/apiVersion';
import manifest from '../../package.json';
import { Source, UNKNOWN } from '../support/source';

/** The manifest's contributions, including optional ones that it doesn't have today. */
interface Contributions {
  readonly commands: readonly { readonly command: string }[];
  readonly authentication: readonly { readonly id: string; readonly label: string }[];
  readonly terminal: { readonly profiles: readonly { readonly id: string }[] };
  readonly languageModelTools: readonly { readonly name: string; readonly when?: string }[];
  readonly menus: Readonly<
    Record<string, readonly { readonly command: string; readonly when?: string }[]>
  >;
  readonly keybindings?: readonly { readonly command: string; readonly when?: string }[];
  readonly views?: Readonly<
    Record<string, readonly { readonly id: string; readonly when?: string }[]>
  >;
  readonly walkthroughs: readonly {
    readonly steps: readonly {
      readonly when?: string;
      readonly completionEvents?: readonly string[];
    }[];
  }[];
  readonly configuration: { readonly properties: Readonly<Record<string, object>> };
}

const contributes: Contributions = manifest.contributes;
const { commands, menus, keybindings = [], views = {}, walkthroughs } = contributes;
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);

/** What the manifest declares, by kind. */
const DECLARED = {
  commands: commands.map(({ command }) => command),
  providers: contributes.authentication.map(({ id }) => id),
  tools: contributes.languageModelTools.map(({ name }) => name),
  profiles: contributes.terminal.profiles.map(({ id }) => id),
  views: Object.values(views).flatMap((some) => some.map(({ id }) => id)),
  settings: Object.keys(contributes.configuration.properties),
};

/** VS Code's methods that register what is declared. */
const REGISTER = {
  commands: ['registerCommand', 'registerTextEditorCommand'],
  providers: ['registerAuthenticationProvider'],
  tools: ['registerTool'],
  profiles: ['registerTerminalProfileProvider'],
  views: ['createTreeView', 'registerTreeDataProvider', 'registerWebviewViewProvider'],
} as const;

/** Events that don't name anything of ours. */
const EVENTS_OF_VSCODE = ['onStartupFinished', 'onStepSelected'];

describe('the manifest and the code', function () {
  this.timeout(120_000); // the compiler reads all of src

  let source: Source;
  /** Context keys that the code sets, and settings that it reads. */
  let contextKeys: readonly string[];
  let settings: readonly string[];

  before(() => {
    source = Source.product;
    contextKeys = textsOf(source, 'executeCommand', 1, 'setContext');
    settings = settingsRead(source);
  });

  it('are compared for every kind of contribution in the manifest', () => {
    assert.deepEqual(Object.keys(manifest.contributes).sort(), [
      'authentication',
      'commands',
      'configuration',
      'languageModelTools',
      'menus',
      'terminal',
      'walkthroughs',
    ]);
  });

  for (const kind of ['commands', 'providers', 'tools', 'profiles', 'views'] as const) {
    it(`name the same ${kind}`, () => {
      const registered = REGISTER[kind].flatMap((method) => textsOf(source, method, 0));
      assert.deepEqual([...registered].sort(), [...DECLARED[kind]].sort());
    });
  }

  it('use the same name for the provider, which VS Code shows', () => {
    const labels = textsOf(source, 'registerAuthenticationProvider', 1);
    assert.deepEqual(
      labels,
      contributes.authentication.map(({ label }) => label),
    );
  });

  it('run only declared commands, in code, menus and keybindings', () => {
    const run = textsOf(source, 'executeCommand', 0).filter(isOurs);
    const offered = [...Object.values(menus).flat(), ...keybindings];
    const links = source.literalsOfType('LinkedCommand').map((name) => `lookerAuth.${name}`);
    assert.ok(links.length > 0);
    for (const command of [...run, ...links, ...offered.map(({ command }) => command)]) {
      assert.ok(DECLARED.commands.includes(command), command);
    }
  });

  it('name the same settings', () => {
    assert.deepEqual([...settings].sort(), [...DECLARED.settings].sort());
    const watched = textsOf(source, 'affectsConfiguration', 0);
    assert.ok(watched.length > 0);
    for (const setting of watched) assert.ok(DECLARED.settings.includes(setting), setting);
  });

  it('allow the same values in settings', () => {
    const { 'lookerAuth.renewal': renewal, 'lookerAuth.instances': instances } =
      manifest.contributes.configuration.properties;
    assert.deepEqual(renewal.enum, source.literalsOfType('RenewalMode'));
    const { properties } = instances.items;
    assert.deepEqual(properties.apiVersion.enum, [...API_VERSIONS]);
    assert.deepEqual([...fieldsOf(source, 'InstanceEntry')].sort(), Object.keys(properties).sort());
  });

  it('name the same context keys', () => {
    const conditions = [
      ...Object.values(menus).flat(),
      ...keybindings,
      ...Object.values(views).flat(),
      ...contributes.languageModelTools,
      ...steps,
    ].flatMap(({ when }) => when ?? []);
    const awaited = steps.flatMap(({ completionEvents = [] }) =>
      completionEvents.flatMap((event) => /^onContext:(.+)$/.exec(event)?.[1] ?? []),
    );
    const used = [...conditions, ...awaited].flatMap(namesIn);
    assert.deepEqual([...new Set(used)].sort(), [...contextKeys].sort());
  });

  it('have only events for declared things', () => {
    const events = [
      ...manifest.activationEvents,
      ...steps.flatMap(({ completionEvents = [] }) => completionEvents),
    ];
    const about: Readonly<Record<string, readonly string[]>> = {
      onCommand: DECLARED.commands,
      onContext: contextKeys,
      onSettingChanged: DECLARED.settings,
      onView: DECLARED.views,
      onAuthenticationRequest: DECLARED.providers,
      onLanguageModelTool: DECLARED.tools,
    };
    for (const event of events) {
      const [, kind = '', what = ''] = /^(\w+):(.+)$/.exec(event) ?? [];
      const isThere = namesIn(what).every((name) => about[kind]?.includes(name));
      assert.ok(EVENTS_OF_VSCODE.includes(event) || (what !== '' && isThere), event);
    }
    assert.ok(steps.every(({ completionEvents }) => completionEvents?.length));
  });

  it('use the same ID for the extension', () => {
    const ids = textsOf(source, 'getExtension', 0);
    assert.deepEqual(ids, [`${manifest.publisher}.${manifest.name}`]);
  });

  it('use no unknown name that starts with lookerAuth', () => {
    const stored = source.storageKeys().map(({ key }) => key);
    const items = textsOf(source, 'createStatusBarItem', 0);
    const known = [
      ...DECLARED.commands,
      ...DECLARED.settings,
      ...DECLARED.profiles,
      ...contextKeys,
      ...items,
      ...stored,
    ];
    // Names that are built at runtime are recognized by their beginning.
    const beginnings = ['lookerAuth.', ...known.map((name) => name.replace(/\*.*$/, ''))];
    for (const literal of source.all(isText)) {
      const isKnown = !/^lookerAuth\.\S*$/.test(literal.text) || beginnings.includes(literal.text);
      assert.ok(isKnown, literal.text);
    }
  });
});

/** The texts that calls of a method pass at this position. @param first counts only calls with this first argument */
function textsOf(source: Source, method: string, index: number, first?: string): readonly string[] {
  const calls = source.callsOf(method).map(({ call }) => call);
  const fitting = calls.filter(
    ({ arguments: [start] }) => first === undefined || source.textsOf(start).includes(first),
  );
  const texts = fitting.flatMap(({ arguments: passed }) => source.textsOf(passed[index]));
  assert.ok(
    !texts.includes(UNKNOWN),
    `${method} is called with a text that can't be read from the code`,
  );
  return [...new Set(texts)];
}

/** Our settings that `getConfiguration(section).get(name)` reads. */
function settingsRead(source: Source): readonly string[] {
  const reads = source
    .callsOf('get')
    .filter(({ receiver }) => receiver === 'WorkspaceConfiguration');
  const names = reads.flatMap(({ call }) => {
    const configuration = source.originOf(call);
    assert.ok(configuration, 'A setting is read without getConfiguration(…)');
    const [section] = source.textsOf(configuration.arguments[0]);
    return source.textsOf(call.arguments[0]).map((name) => `${section ?? ''}.${name}`);
  });
  return [...new Set(names.filter(isOurs))];
}

/** The fields of the first object in a schema. */
function fieldsOf(source: Source, schema: string): readonly string[] {
  const declaration = source
    .all(ts.isVariableDeclaration)
    .find(({ name }) => ts.isIdentifier(name) && name.text === schema);
  const find = (node: ts.Node): ts.ObjectLiteralExpression | undefined =>
    ts.isObjectLiteralExpression(node) ? node : ts.forEachChild(node, find);
  const object = declaration && find(declaration);
  return (object?.properties ?? []).map(({ name }) => name?.getText() ?? UNKNOWN);
}

/**
 * The context keys in a `when` clause, which our code has to set. Leaves out the one of VS Code that steps of the
 * walkthrough use (see CONTRIBUTING.md).
 */
function namesIn(condition: string): readonly string[] {
  return condition.replace('activeEditor == gettingStartedPage', '').match(/[\w.]+/g) ?? [];
}

function isOurs(name: string): boolean {
  return name.startsWith('lookerAuth.');
}

function isText(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateHead {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node);
}
