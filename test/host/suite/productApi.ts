import * as vscode from 'vscode';

/**
 * Makes the extension use the `vscode` whose functions the tests replace. The oldest VS Code gives ES modules, which
 * the extension is made of, another object than the tests: from now on, that object does what this one does.
 */
export async function shareApi(): Promise<void> {
  const api = vscode as unknown as Readonly<Record<string, object>>;
  const products = (await import('vscode')) as unknown as Readonly<Record<string, object>>;
  for (const [name, own] of Object.entries(products)) {
    const shared = api[name];
    if (typeof own !== 'object' || !shared || own === shared) continue;
    for (const key of Object.keys(own)) {
      Object.defineProperty(own, key, { get: () => Reflect.get(shared, key) as unknown });
    }
  }
}
