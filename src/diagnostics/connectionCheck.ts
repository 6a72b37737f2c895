import * as l10n from '@vscode/l10n';
import { parseBaseUrl } from '../looker/instance/baseUrl';
import { abortable } from '../looker/cancellation';
import type { Clock, ServerClock } from '../looker/clock';
import { CancelledError, messageOf, verdictOn } from '../looker/errors/expectedError';
import { isUnreachable } from '../looker/errors/lookerError';
import { NotLookerApiError } from '../looker/errors/notLooker';
import { ChangedCertificateError } from '../looker/errors/tls';
import { hostOf, portOf } from '../looker/instance/host';
import {
  isHttp,
  tcpConnect,
  lookUp,
  inspectViaConfiguredRoute,
  type ReachTarget,
  type Handshake,
} from '../looker/network/reach';
import { tlsOptions, type Trust } from '../looker/tls/privateTls';
import {
  proxyName,
  resolveProxy,
  type ProxyRoute,
  type ProxySettings,
} from '../looker/network/proxy';
import { keyOwner, type Account } from '../accounts/account';
import type { Accounts } from '../accounts/accounts';
import type { KeyTrial } from '../accounts/login/keyTrial';
import { withTimeout } from '../accounts/withTimeout';
import type { Connect } from '../accounts/connect';

/** How long whoever cancels a check waits until its token is revoked, in ms; that itself goes on. */
const LONGEST_END_MS = 500;

/** What a check looks at, in this order. */
export const STEPS = ['url', 'proxy', 'dns', 'tcp', 'tls', 'versions', 'login', 'user'] as const;
export type StepName = (typeof STEPS)[number];

/** One step of a check, as it stands. */
export interface CheckStep {
  readonly name: StepName;
  readonly outcome: 'running' | 'passed' | 'warning' | 'failed' | 'skipped';
  /** How long it took. */
  readonly ms: number;
  /** What was seen, or why not, for the user. */
  readonly sentence: string;
  /** The same for others: says no more of people than their ids. `sentence`, where it is left out. */
  readonly publicSentence?: string;
  /** More of what was seen, a line each; fit for others. */
  readonly facts?: readonly string[];
  /** What is wrong, for a help desk, where something is. */
  readonly verdict?: string;
}

export interface CheckOptions {
  readonly accounts: Accounts;
  readonly connect: Connect;
  readonly proxy: ProxySettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Longest time that each step may take. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly serverClock: (baseUrl: string) => ServerClock;
  /** What is trusted for an instance alone, if anything. */
  readonly trustIn?: (baseUrl: string) => Trust | undefined;
  /** Where Looker serves its API, to find the right one where another was typed. */
  readonly usualPorts?: readonly number[];
}

/** Looker's own two: of hosted instances, and the one it is installed with. */
const USUAL_PORTS = [443, 19999];

/** Clocks that are no further apart than that agree. */
const CLOCK_TOLERANCE_MS = 60_000;

/** What a step ends with; by default, it has passed. What it throws is a failure too. */
type Seen = Omit<CheckStep, 'name' | 'ms' | 'outcome'> & {
  readonly outcome?: 'passed' | 'warning' | 'failed' | 'skipped';
};

/**
 * Goes the way to an instance step by step, and tells of each step as it begins and as it ends. After a
 * failure the later ones are skipped, with one exception: as long as VS Code may know of a proxy that we do
 * not, its own requests are tried nevertheless, and where they come through the failure was but a warning.
 * @param url as it was typed
 * @throws CancelledError
 */
export async function* checkConnection(
  url: string,
  options: CheckOptions,
  signal: AbortSignal,
): AsyncGenerator<CheckStep, void> {
  const check = new Check(url, options, signal);
  let failed: CheckStep | undefined;
  let running: Promise<unknown> = Promise.resolve();
  try {
    for (const name of STEPS) {
      const hasLastWord = name === 'versions' && check.mayGoAnotherWay;
      if (failed && !hasLastWord) {
        yield {
          name,
          outcome: 'skipped',
          ms: 0,
          sentence: l10n.t('Not tried after what failed above.'),
        };
        continue;
      }
      yield { name, outcome: 'running', ms: 0, sentence: '' };
      const work = run(name, check, options.clock);
      running = work;
      const step = await abortable(work, signal);
      if (signal.aborted) throw new CancelledError();
      if (failed && step.outcome !== 'failed') {
        const sentence = l10n.t(
          '{0} Looker answers nevertheless: VS Code goes another way, such as through a proxy of the system.',
          failed.sentence,
        );
        const { verdict: _, ...rest } = failed;
        yield { ...rest, outcome: 'warning', sentence };
        failed = undefined;
      }
      yield step;
      if (step.outcome === 'failed') failed ??= step;
    }
  } finally {
    // A step that nobody waits for any more may still get a token.
    const ending = running.then(() => check.end());
    const isLate = () => new CancelledError();
    await (signal.aborted ? withTimeout(ending, LONGEST_END_MS, isLate) : ending);
  }
}

/** What a finished check comes to, for a help desk: the first thing that fails. */
export function verdictOf(steps: readonly CheckStep[]): Pick<CheckStep, 'outcome' | 'sentence'> {
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  if (failed) return { outcome: 'failed', sentence: failed.verdict ?? failed.sentence };
  const warning = steps.find(({ outcome }) => outcome === 'warning');
  if (warning) {
    const { publicSentence, sentence } = warning;
    return {
      outcome: 'warning',
      sentence: l10n.t('It works, with a warning: {0}', publicSentence ?? sentence),
    };
  }
  const done = steps.filter(({ outcome }) => outcome === 'passed');
  const ms = done.reduce((sum, step) => sum + step.ms, 0);
  return { outcome: 'passed', sentence: l10n.t('All well: {0} steps in {1} ms.', done.length, ms) };
}

async function run(name: StepName, check: Check, clock: Clock): Promise<CheckStep> {
  const start = clock.steady();
  const took = () => Math.round(clock.steady() - start);
  try {
    const { outcome = 'passed', ...seen } = await check[name]();
    return { name, outcome, ms: outcome === 'skipped' ? 0 : took(), ...seen };
  } catch (error) {
    return { name, ms: took(), ...failure(error) };
  }
}

/** What an error says of the step that it ends. */
function failure(
  error: unknown,
): Pick<CheckStep, 'sentence'> & { readonly outcome: 'failed'; readonly verdict: string } {
  return { outcome: 'failed', sentence: messageOf(error), verdict: verdictOn(error) };
}

/** The steps, a method each, and what they find out for one another. */
class Check implements Record<StepName, () => Seen | Promise<Seen>> {
  private baseUrl = '';
  private route: ProxyRoute | undefined;
  private trial: KeyTrial | undefined;

  constructor(
    private readonly typed: string,
    private readonly options: CheckOptions,
    private readonly signal: AbortSignal,
  ) {}

  /** Whether VS Code may get through where we do not: by a proxy it can sign in to, or one we cannot see. */
  get mayGoAnotherWay(): boolean {
    const { route } = this;
    return route !== undefined && (route.proxy !== undefined || !route.isCertain);
  }

  url(): Seen {
    this.baseUrl = parseBaseUrl(this.typed);
    return { sentence: l10n.t('The instance is {0}.', this.baseUrl) };
  }

  proxy(): Seen {
    const { proxy, env } = this.options;
    this.route = resolveProxy(this.baseUrl, proxy, env);
    return { sentence: this.route.sentence };
  }

  async dns(): Promise<Seen> {
    if (this.route?.proxy) {
      return { outcome: 'skipped', sentence: l10n.t('Not looked up here: the proxy does that.') };
    }
    const addresses = await lookUp(this.target);
    const { hostname } = new URL(this.baseUrl);
    return {
      sentence: l10n.t('{0} has the address {1}.', hostname, addresses.join(', ')),
    };
  }

  async tcp(): Promise<Seen> {
    const host = hostOf(this.baseUrl);
    const proxy = this.route?.proxy;
    if (!proxy) return this.connectAtUsualPorts();
    const name = proxyName(proxy);
    try {
      await tcpConnect(this.target);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      const sentence = l10n.t(
        'The proxy {0} does not answer. Check the proxy settings of VS Code.',
        name,
      );
      const verdict = l10n.t('The proxy {0} does not answer.', name);
      return { outcome: 'failed', sentence, verdict };
    }
    return isHttp(proxy)
      ? { sentence: l10n.t('{0} opens a connection to {1}.', name, host) }
      : {
          sentence: l10n.t(
            'A connection to {0} can be opened; what it opens is not seen here.',
            name,
          ),
        };
  }

  async tls(): Promise<Seen> {
    if (this.baseUrl.startsWith('http:')) {
      return {
        outcome: 'skipped',
        sentence: l10n.t('There is none: this instance speaks plain http.'),
      };
    }
    const proxy = this.route?.proxy;
    if (proxy && !isHttp(proxy)) {
      return { outcome: 'skipped', sentence: l10n.t('Not seen through a SOCKS proxy.') };
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
      return { ...failure(changed), facts };
    }
    if (seen.problem) return { ...failure(seen.problem), facts };
    return {
      sentence: l10n.t(
        '{0}. The certificate is from {1}, good until {2}, and trusted here.',
        seen.protocol,
        seen.issuer,
        seen.validTo,
      ),
      facts,
    };
  }

  /** By the very requests of a log-in: through VS Code's proxy and its certificates. */
  async versions(): Promise<Seen> {
    const api = this.options.connect(this.baseUrl, this.account?.apiVersion ?? '4.0');
    const release = await api.release(this.signal);
    if (!release) {
      if (await api.isLooker(this.signal)) {
        return { sentence: l10n.t('Looker answers, but does not tell its release.') };
      }
      const sentence = l10n.t('Something answers, but does not say whether it is Looker.');
      // A log-in will tell.
      if (this.account) return { outcome: 'warning', sentence };
      return { ...failure(new NotLookerApiError(this.baseUrl, 200)), sentence };
    }
    const { ahead } = this.options.serverClock(this.baseUrl);
    const versions = release.apiVersions.join(', ');
    const looker = release.release
      ? l10n.t('Looker {0} with the API {1}.', release.release, versions)
      : l10n.t('Looker with the API {0}.', versions);
    if (Math.abs(ahead) <= CLOCK_TOLERANCE_MS) return { sentence: looker };
    const minutes = Math.round(Math.abs(ahead) / 60_000);
    return {
      outcome: 'warning',
      sentence: saysClock(ahead, minutes),
      facts: [looker],
    };
  }

  async login(): Promise<Seen> {
    const { account } = this;
    if (!account) {
      return { outcome: 'skipped', sentence: l10n.t('Nobody is logged in there from here.') };
    }
    const { name } = keyOwner(account);
    const owner = account.sudo?.adminAccountId ?? account.id;
    this.trial = await this.options.accounts.tryKey(owner, this.signal);
    return this.trial
      ? {
          sentence: l10n.t('Looker accepts the API key of {0}.', name),
          publicSentence: l10n.t(
            'Looker accepts the API key of the user of id {0}.',
            keyOwner(account).id,
          ),
        }
      : {
          outcome: 'skipped',
          sentence: l10n.t('The API key of {0} was not kept; only the token is tried.', name),
          publicSentence: l10n.t('The API key was not kept; only the token is tried.'),
        };
  }

  async user(): Promise<Seen> {
    const { account } = this;
    const { accounts } = this.options;
    const token = this.trial?.token ?? (account && accounts.peek(account.id)?.token);
    if (!account || !token) {
      return { outcome: 'skipped', sentence: l10n.t('Nobody is logged in there from here.') };
    }
    const { name, id } = await accounts.apiOf(account).me(token.value, this.signal);
    const publicSentence = l10n.t('The user of id {0}.', id);
    if (await this.end()) {
      return { sentence: l10n.t('{0}, user id {1}.', name, id), publicSentence };
    }
    return {
      outcome: 'warning',
      sentence: l10n.t(
        'Looker could not be told to end the token of this check; it expires by itself.',
      ),
      facts: [publicSentence],
    };
  }

  /** Leaves nothing behind. @returns whether Looker could be told */
  async end(): Promise<boolean> {
    const { trial } = this;
    this.trial = undefined;
    return (await trial?.end()) ?? true;
  }

  /** Whose log-in is tried: the active account's, where it is there, else the first one's. */
  private get account(): Account | undefined {
    const { accounts } = this.options;
    return [accounts.active, ...accounts.all()].find(
      (status) => status?.account.baseUrl === this.baseUrl,
    )?.account;
  }

  private get target(): ReachTarget {
    const { timeoutMs } = this.options;
    return { baseUrl: this.baseUrl, proxy: this.route?.proxy, timeoutMs, signal: this.signal };
  }

  /** At the instance's own port; where that is shut, it is found out whether Looker may be next door. */
  private async connectAtUsualPorts(): Promise<Seen> {
    try {
      await tcpConnect(this.target);
      const host = hostOf(this.baseUrl);
      return { sentence: l10n.t('A connection to {0} can be opened.', host) };
    } catch (error) {
      const { hostname } = new URL(this.baseUrl);
      const ownPort = Number(portOf(this.baseUrl));
      for (const other of this.options.usualPorts ?? USUAL_PORTS) {
        if (this.signal.aborted || other === ownPort || !(await this.isOpen(other))) continue;
        const use = `https://${hostname}${other === 443 ? '' : `:${other}`}`;
        const verdict = l10n.t(
          'Port {0} of {1} is closed; {2} answers: use {3}',
          ownPort,
          hostname,
          other,
          use,
        );
        return { ...failure(error), verdict };
      }
      throw error;
    }
  }

  /** Nobody waits long for what was not asked for. */
  private isOpen(port: number): Promise<boolean> {
    const timeoutMs = Math.min(this.options.timeoutMs, 3000);
    return tcpConnect({ ...this.target, timeoutMs }, port).then(
      () => true,
      () => false,
    );
  }
}

function saysClock(ahead: number, minutes: number): string {
  return ahead > 0
    ? l10n.t('The clock of this machine is {0} min behind Looker’s. Set it right.', minutes)
    : l10n.t('The clock of this machine is {0} min ahead of Looker’s. Set it right.', minutes);
}

function factsOf({
  protocol,
  subject,
  issuer,
  validFrom,
  validTo,
  fingerprint,
  problem,
}: Handshake): readonly string[] {
  return [
    l10n.t('Protocol: {0}', protocol),
    l10n.t('Certificate for: {0}', subject),
    l10n.t('Issued by: {0}', issuer),
    l10n.t('Valid from {0} to {1}', validFrom, validTo),
    l10n.t('SHA-256 fingerprint: {0}', fingerprint),
    problem ? l10n.t('Trusted: no ({0})', problem.code) : l10n.t('Trusted: yes'),
  ];
}
