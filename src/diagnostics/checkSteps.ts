import * as l10n from '@vscode/l10n';
import type { Clock, ServerClock } from '../looker/clock';
import { isUnreachable } from '../looker/errors/lookerError';
import { NotLookerApiError } from '../looker/errors/notLooker';
import { ChangedCertificateError } from '../looker/errors/tls';
import { parseBaseUrl } from '../looker/instance/baseUrl';
import { API_PORT, hostOf, portOf } from '../looker/instance/host';
import { formatDay } from '../looker/numbers';
import {
  inspectViaConfiguredRoute,
  isHttp,
  lookUp,
  tcpConnect,
  type ReachTarget,
} from '../looker/network/reach';
import {
  proxyName,
  resolveProxy,
  type ProxyRoute,
  type ProxySettings,
} from '../looker/network/proxy';
import { tlsOptions, type Trust } from '../looker/tls/privateTls';
import { loginUser, type Account } from '../accounts/account';
import type { Accounts } from '../accounts/accounts';
import type { Connect } from '../accounts/connect';
import type { KeyTrial } from '../accounts/login/keyTrial';
import { failedResult, type StepResult, type StepName } from './checkStep';
import { clockSentence, factsOf } from './facts';

export interface CheckOptions {
  readonly accounts: Accounts;
  readonly connect: Connect;
  readonly proxy: ProxySettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Longest time that each step may take. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly serverClock: (baseUrl: string) => ServerClock;
  /** What is trusted for this instance only, if anything. */
  readonly trustIn?: (baseUrl: string) => Trust | undefined;
  /** Ports to try if the one in the URL is closed. */
  readonly usualPorts?: readonly number[];
}

/** The usual ports of Looker's API: on hosted instances, and of a fresh installation. */
const USUAL_PORTS = [443, Number(API_PORT)];

/** A smaller difference between two clocks doesn't matter. */
const CLOCK_TOLERANCE_MS = 60_000;

/** The steps, one method each, and the results that later steps use. */
export class CheckSteps implements Record<StepName, () => StepResult | Promise<StepResult>> {
  private baseUrl = '';
  private route: ProxyRoute | undefined;
  private trial: KeyTrial | undefined;

  constructor(
    private readonly typed: string,
    private readonly options: CheckOptions,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Whether VS Code may get through although this check can't: with a proxy it can sign in to, or one this check
   * doesn't know.
   */
  get mayGoAnotherWay(): boolean {
    const { route } = this;
    return route !== undefined && (route.proxy !== undefined || !route.isCertain);
  }

  url(): StepResult {
    this.baseUrl = parseBaseUrl(this.typed);
    return { sentence: l10n.t('The instance is {0}.', this.baseUrl) };
  }

  proxy(): StepResult {
    const { proxy, env } = this.options;
    const { sentence, isIgnored } = (this.route = resolveProxy(this.baseUrl, proxy, env));
    return { sentence, ...(isIgnored && { outcome: 'warning' }) };
  }

  async dns(): Promise<StepResult> {
    if (this.route?.proxy) {
      return { outcome: 'skipped', sentence: l10n.t('The proxy resolves the host name.') };
    }
    const addresses = await lookUp(this.target);
    const { hostname } = new URL(this.baseUrl);
    return {
      sentence: l10n.t('{0} resolves to {1}.', hostname, addresses.join(', ')),
    };
  }

  async tcp(): Promise<StepResult> {
    const host = hostOf(this.baseUrl);
    const proxy = this.route?.proxy;
    if (!proxy) return this.connectDirectly();
    const name = proxyName(proxy);
    try {
      await tcpConnect(this.target);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      const sentence = l10n.t(
        "The proxy {0} doesn't respond. Check the proxy settings in VS Code.",
        name,
      );
      const verdict = l10n.t("The proxy {0} doesn't respond.", name);
      return { ...failedResult(error), sentence, verdict };
    }
    return isHttp(proxy)
      ? { sentence: l10n.t('The proxy {0} can connect to {1}.', name, host) }
      : {
          sentence: l10n.t(
            "This machine can connect to {0}. This check can't see what {0} connects to.",
            name,
          ),
        };
  }

  async tls(): Promise<StepResult> {
    if (this.baseUrl.startsWith('http:')) {
      return {
        outcome: 'skipped',
        sentence: l10n.t('Plain HTTP has no certificate.'),
      };
    }
    const proxy = this.route?.proxy;
    if (proxy && !isHttp(proxy)) {
      return {
        outcome: 'skipped',
        sentence: l10n.t("This check can't inspect the certificate through a SOCKS proxy."),
      };
    }
    const trust = this.options.trustIn?.(this.baseUrl);
    const seen = await inspectViaConfiguredRoute(
      this.target,
      trust && (await tlsOptions(this.baseUrl, trust)),
    );
    const facts = factsOf(seen);
    if (trust && 'certificate' in trust && trust.certificate.fingerprint !== seen.fingerprint) {
      const { fingerprint } = trust.certificate;
      const changed = new ChangedCertificateError(this.baseUrl, fingerprint, seen.fingerprint);
      return { ...failedResult(changed), facts };
    }
    if (seen.problem) return { ...failedResult(seen.problem), facts };
    return {
      sentence: l10n.t(
        '{0}, trusted certificate from {1}, valid until {2}.',
        seen.protocol,
        seen.issuer,
        formatDay(new Date(seen.validTo)),
      ),
      facts,
    };
  }

  /** Sends the same request as a login, through VS Code's proxy and with its certificates. */
  async versions(): Promise<StepResult> {
    const api = this.options.connect(this.baseUrl, this.account?.apiVersion ?? '4.0');
    const release = await api.release(this.signal);
    if (!release) {
      if (await api.isLooker(this.signal)) {
        return { sentence: l10n.t("Looker responds, but doesn't report its release.") };
      }
      const sentence = l10n.t(
        "The server responds, but Looker Auth can't confirm that it's Looker.",
      );
      // A login will tell.
      if (this.account) return { outcome: 'warning', sentence };
      return { ...failedResult(new NotLookerApiError(this.baseUrl, 200)), sentence };
    }
    const { ahead } = this.options.serverClock(this.baseUrl);
    const versions = release.apiVersions.join(', ');
    const looker = release.release
      ? l10n.t('Looker {0} with API {1}.', release.release, versions)
      : l10n.t('Looker with API {0}.', versions);
    if (Math.abs(ahead) <= CLOCK_TOLERANCE_MS) return { sentence: looker };
    return {
      outcome: 'warning',
      sentence: clockSentence(ahead),
      facts: [looker],
    };
  }

  async login(): Promise<StepResult> {
    const { account } = this;
    if (!account) {
      return { outcome: 'skipped', sentence: l10n.t("You're not logged in to this instance.") };
    }
    const { accounts } = this.options;
    const { name, id: userId } = loginUser(account);
    const owner = account.sudo?.adminAccountId ?? account.id;
    if (accounts.statuses().find((status) => status.account.id === owner)?.how === 'browser') {
      return {
        outcome: 'skipped',
        sentence: l10n.t('{0} logged in with the browser.', name),
        publicSentence: l10n.t(
          'The user with ID {0} is logged in with the browser, so this check only tries the token.',
          userId,
        ),
      };
    }
    this.trial = await (await accounts.tokenRequests()).tryKey(owner, this.signal);
    return this.trial
      ? {
          sentence: l10n.t('Looker accepts the API key of {0}.', name),
          publicSentence: l10n.t('Looker accepts the API key of the user with ID {0}.', userId),
        }
      : {
          outcome: 'skipped',
          sentence: l10n.t("The API key of {0} wasn't saved.", name),
          publicSentence: l10n.t("The API key wasn't saved, so this check only tries the token."),
        };
  }

  async user(): Promise<StepResult> {
    const { account } = this;
    const { accounts } = this.options;
    const token = this.trial?.token ?? (account && accounts.peek(account.id)?.token);
    if (!account || !token) {
      return { outcome: 'skipped', sentence: l10n.t("You're not logged in to this instance.") };
    }
    const api = (await accounts.tokenRequests()).apiOf(account);
    const { name, id } = await api.me(token.value, this.signal);
    const publicSentence = l10n.t('The token belongs to the user with ID {0}.', id);
    if (await this.end()) {
      return {
        sentence: l10n.t('The token belongs to {0} (user ID {1}).', name, id),
        publicSentence,
      };
    }
    return {
      outcome: 'warning',
      sentence: l10n.t(
        "Looker couldn't revoke the token of this check, so it stays valid until it expires.",
      ),
      facts: [publicSentence],
    };
  }

  /** Revokes the token of this check. @returns whether Looker could be reached for that */
  async end(): Promise<boolean> {
    const { trial } = this;
    this.trial = undefined;
    return (await trial?.end()) ?? true;
  }

  /** The account whose login is tested: the active one if it is on this instance, else the first one there. */
  private get account(): Account | undefined {
    const { accounts } = this.options;
    return [accounts.active, ...accounts.statuses()].find(
      (status) => status?.account.baseUrl === this.baseUrl,
    )?.account;
  }

  private get target(): ReachTarget {
    const { timeoutMs } = this.options;
    return { baseUrl: this.baseUrl, proxy: this.route?.proxy, timeoutMs, signal: this.signal };
  }

  /** Connects to the instance's own port; if it is closed, checks whether Looker is on the other usual port. */
  private async connectDirectly(): Promise<StepResult> {
    try {
      await tcpConnect(this.target);
      const host = hostOf(this.baseUrl);
      return { sentence: l10n.t('This machine can connect to {0}.', host) };
    } catch (error) {
      const { hostname } = new URL(this.baseUrl);
      const ownPort = Number(portOf(this.baseUrl));
      for (const other of this.options.usualPorts ?? USUAL_PORTS) {
        if (this.signal.aborted || other === ownPort || !(await this.isOpen(other))) continue;
        const use = `https://${hostname}${other === 443 ? '' : `:${other}`}`;
        const verdict = l10n.t(
          'Port {0} on {1} is closed, but port {2} responds. Use {3}.',
          ownPort,
          hostname,
          other,
          use,
        );
        return { ...failedResult(error), verdict };
      }
      throw error;
    }
  }

  /** The user didn't ask for this port, so it has a short time limit. */
  private isOpen(port: number): Promise<boolean> {
    const timeoutMs = Math.min(this.options.timeoutMs, 3000);
    return tcpConnect({ ...this.target, timeoutMs }, port).then(
      () => true,
      () => false,
    );
  }
}
