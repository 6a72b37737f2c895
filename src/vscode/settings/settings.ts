import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { messageOf } from '../../looker/errors/expectedError';
import { InvalidAnswerError } from '../../looker/errors/input';
import { CaFileError } from '../../looker/errors/protection';
import { inertText } from '../../looker/inert';
import { hostOf, isSameInstance } from '../../looker/instance/host';
import type { ProxySettings } from '../../looker/network/proxy';
import { caFileIn } from '../../looker/tls/caFile';
import { readEntries, settingsFor, type Entry, type InstanceSettings } from './instanceEntries';
import { nameTyped, withName } from './instanceNames';

/**
 * The user's settings, read anew each time. All have `application` scope: no workspace can point an
 * instance elsewhere.
 */
export class Settings {
  /** Longest time a request may take; half a minute where the setting makes no sense. */
  get timeoutMs(): number {
    const seconds: unknown = vscode.workspace.getConfiguration('lookerAuth').get('timeout');
    const isSensible = typeof seconds === 'number' && seconds >= 1 && seconds <= 600;
    return Math.round((isSensible ? seconds : 30) * 1000);
  }

  /** What VS Code itself is told about proxies. A value of another type than VS Code's counts as not set. */
  get proxy(): ProxySettings {
    const http = vscode.workspace.getConfiguration('http');
    const [proxy, noProxy] = [http.get<unknown>('proxy'), http.get<unknown>('noProxy')];
    return {
      proxy: typeof proxy === 'string' ? proxy : '',
      noProxy: Array.isArray(noProxy) ? noProxy.filter((one) => typeof one === 'string') : [],
      isOff: http.get('proxySupport') === 'off',
    };
  }

  /** The instances in the settings. If there are several entries for one, the first one counts. */
  get instances(): readonly InstanceSettings[] {
    return this.entries().flatMap(({ instance, isFirst }) => (instance && isFirst ? instance : []));
  }

  /** What is wrong with the setting, CA files included, a sentence each. */
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
    return this.instances
      .map(({ baseUrl }) => baseUrl)
      .filter((baseUrl) => !used.some((one) => isSameInstance(one, baseUrl)));
  }

  /** See {@link settingsFor}. */
  instance(baseUrl: string): InstanceSettings {
    return settingsFor(this.instances, baseUrl);
  }

  /** What people call an instance: the name the user has given it, else its host. */
  nameOf(baseUrl: string): string {
    return this.instance(baseUrl).name ?? hostOf(baseUrl);
  }

  /**
   * Gives an instance a name in the user's settings, or with '' takes it away. Its other properties stay, and the other
   * entries.
   * @returns the name it has now
   * @throws InvalidAnswerError if it can't be called that, or VS Code can't write the settings
   */
  async nameInstance(baseUrl: string, typed: string): Promise<string> {
    const others = this.instances.filter((other) => !isSameInstance(other.baseUrl, baseUrl));
    const taken = others.flatMap(({ baseUrl, name = '' }) => [name, hostOf(baseUrl)]);
    const name = typed === '' ? undefined : nameTyped(typed, baseUrl, taken);
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

  private entries(): readonly Entry[] {
    return readEntries(instancesSetting());
  }
}

function instancesSetting(): unknown {
  return vscode.workspace.getConfiguration('lookerAuth').get<unknown>('instances');
}
