import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { messageOf } from '../../looker/errors/expectedError';
import { InvalidAnswerError } from '../../looker/errors/input';
import { CaFileError } from '../../looker/errors/protection';
import { inertText } from '../../looker/inert';
import { hostOf, isSameInstance, withoutUsualPort } from '../../looker/instance/host';
import type { ProxySettings } from '../../looker/network/proxy';
import { caFileIn } from '../../looker/tls/caFile';
import { readEntries, settingsFor, type Entry, type InstanceSettings } from './instanceEntries';
import { parseInstanceName, withName } from './instanceNames';
import { oncePerTurn } from './oncePerTurn';

/** The user's settings, read each time. All have `application` scope, so no workspace can change them. */
export class Settings {
  private readonly entries = oncePerTurn((): readonly Entry[] => readEntries(instancesSetting()));

  /** The instances in the settings. If there are several entries for one, the first one counts. */
  private readonly instances = oncePerTurn((): readonly InstanceSettings[] =>
    this.entries().flatMap(({ instance, isFirst }) => (instance && isFirst ? instance : [])),
  );

  /** Time limit for a request, in ms; half a minute if the setting is invalid. */
  get timeoutMs(): number {
    const seconds: unknown = vscode.workspace.getConfiguration('lookerAuth').get('timeout');
    const isSensible = typeof seconds === 'number' && seconds >= 1 && seconds <= 600;
    return Math.round((isSensible ? seconds : 30) * 1000);
  }

  /** VS Code's own proxy settings. */
  get proxy(): ProxySettings {
    const http = vscode.workspace.getConfiguration('http');
    const [proxy, noProxy] = [http.get<unknown>('proxy'), http.get<unknown>('noProxy')];
    return {
      proxy: typeof proxy === 'string' ? proxy : '',
      noProxy: Array.isArray(noProxy) ? noProxy.filter((one) => typeof one === 'string') : [],
      isOff: http.get('proxySupport') === 'off',
    };
  }

  /** Problems with the entries and CA files. The valid parts of an entry still apply. */
  async problems(): Promise<readonly string[]> {
    const setting = instancesSetting();
    if (setting != null && !Array.isArray(setting)) return [l10n.t('It must be a list.')];
    const found = this.entries().map(async ({ name, instance, faults }) => {
      const sentences = [...faults];
      if (instance?.caFile !== undefined) {
        await caFileIn(instance.baseUrl, instance.caFile).catch((error: unknown) => {
          sentences.push(error instanceof CaFileError ? error.problem : String(error));
        });
      }
      return sentences.map((sentence) => l10n.t('{0}: {1}', name, sentence));
    });
    return (await Promise.all(found)).flat();
  }

  /** Base URLs of the instances in the settings that aren't among the given ones, on any of their usual ports. */
  instancesBeside(used: readonly string[]): readonly string[] {
    const known = new Set(used.map(withoutUsualPort));
    return this.instances()
      .map(({ baseUrl }) => baseUrl)
      .filter((baseUrl) => !known.has(withoutUsualPort(baseUrl)));
  }

  /** See {@link settingsFor}. */
  instance(baseUrl: string): InstanceSettings {
    return settingsFor(this.instances(), baseUrl);
  }

  /** The name of an instance in the settings, or else its host. */
  nameOf(baseUrl: string): string {
    return this.instance(baseUrl).name ?? hostOf(baseUrl);
  }

  /**
   * Names an instance in the user's settings; an empty text removes the name. Everything else in the setting stays.
   * @returns the name it has now
   * @throws InvalidAnswerError if the name can't be used, or VS Code can't write the settings
   */
  async nameInstance(baseUrl: string, typed: string): Promise<string> {
    const others = this.instances().filter((other) => !isSameInstance(other.baseUrl, baseUrl));
    const taken = others.flatMap(({ baseUrl, name = '' }) => [name, hostOf(baseUrl)]);
    const name = typed === '' ? undefined : parseInstanceName(typed, baseUrl, taken);
    if (name === this.instance(baseUrl).name) return this.nameOf(baseUrl);
    const configuration = vscode.workspace.getConfiguration('lookerAuth');
    const entries = withName(configuration.inspect('instances')?.globalValue, baseUrl, name);
    try {
      await configuration.update('instances', entries, vscode.ConfigurationTarget.Global);
    } catch (error) {
      throw new InvalidAnswerError(
        l10n.t("VS Code couldn't save your settings: {0}", inertText(messageOf(error))),
      );
    }
    return this.nameOf(baseUrl);
  }
}

function instancesSetting(): unknown {
  return vscode.workspace.getConfiguration('lookerAuth').get<unknown>('instances');
}
