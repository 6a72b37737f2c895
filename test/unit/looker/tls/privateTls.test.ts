import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import os from 'node:os';
import path from 'node:path';
import { caFileIn } from '../../../../src/looker/tls/caFile';
import { certificateOf } from '../../../../src/looker/tls/certificate';
import { CanceledError } from '../../../../src/looker/errors/expectedError';
import { TimeoutError, UnreachableError } from '../../../../src/looker/errors/network';
import { RedirectedError } from '../../../../src/looker/errors/notLooker';
import { CaFileError } from '../../../../src/looker/errors/protection';
import { ResponseTooLargeError } from '../../../../src/looker/errors/response';
import {
  ChangedCertificateError,
  UntrustedCertificateError,
} from '../../../../src/looker/errors/tls';
import { toLookerError } from '../../../../src/looker/network/http';
import { inspectViaVsCode, type Trust } from '../../../../src/looker/tls/privateTls';
import { StandInLooker, type Certificate } from '../../../standIn/standInLooker';
import { authority, serverCertificate } from '../../../support/certificates';
import { withDeadFirstAddress } from '../../../support/deadFirstAddress';
import { lookerApi } from '../../../support/lookerApi';
import { fetchFor } from '../../../support/nodeFetch';

const DAY_MS = 24 * 60 * 60 * 1000;
const fingerprintOf = ({ cert }: Certificate) => new X509Certificate(cert).fingerprint256;
const exactly = ({ cert }: Certificate): Trust => ({ certificate: certificateOf(cert) });
/** Checks what is said of a server that answers the TLS handshake with nothing useful. */
async function assertUnreachable(server: Server, words: RegExp): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await assert.rejects(lookerApi(baseUrl).release(), {
      name: 'UnreachableError',
      message: words,
    });
  } finally {
    server.close();
  }
}

const trusted = (baseUrl: string, trust: Trust) =>
  lookerApi(baseUrl, { fetch: fetchFor(baseUrl, trust) });

describe('an instance that requires a client certificate', () => {
  it("isn't reported as having an untrusted certificate", async () => {
    const shown = await serverCertificate();
    const server = createTlsServer({ ...shown, requestCert: true, rejectUnauthorized: true });
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await assert.rejects(trusted(baseUrl, exactly(shown)).me('token'), (error) => {
        assert(error instanceof UnreachableError, String(error));
        assert.match(error.message, /requires a client certificate/);
        return true;
      });
    } finally {
      server.close();
    }
  });
});

describe('a distant instance with an unreachable first address', () => {
  it('is reached at the next address', async function () {
    const shown = await serverCertificate({ hosts: ['far.acme.test'] });
    const server = createTlsServer(shown, (socket) => {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    });
    await withDeadFirstAddress(this, server, async (port) => {
      const baseUrl = `https://far.acme.test:${port}`;
      const fetch = fetchFor(baseUrl, exactly(shown));
      assert.equal(await lookerApi(baseUrl, { fetch, timeoutMs: 5000 }).release(), undefined);
    });
  });
});

describe('an instance with an unsupported TLS version', () => {
  for (const [what, options, words] of [
    ['is too old', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }, /outdated TLS version or key\./],
    [
      'has no cipher in common',
      { maxVersion: 'TLSv1.2', ciphers: 'PSK-AES256-GCM-SHA384' },
      / refused the TLS handshake\./,
    ],
  ] as const satisfies [string, TlsOptions, RegExp][]) {
    it(`is reported correctly: it ${what}`, async () => {
      const shown = await serverCertificate();
      const server = createTlsServer({ ciphers: 'ALL:@SECLEVEL=0', ...shown, ...options });
      server.on('tlsClientError', () => undefined);
      await assertUnreachable(server, words);
    });
  }

  it('is reported correctly: its certificate has a weak signature or key', () => {
    for (const reason of ['ca md too weak', 'ee key too small']) {
      const message = `0:error:0A00018E:SSL routines:tls_process:${reason}:ssl/x.c:1:`;
      const error = Object.assign(new Error(message), { code: 'EPROTO' });
      assert.match(
        toLookerError('https://acme.test', error).message,
        /outdated TLS version or key/,
      );
    }
  });
});

describe('an instance that ends the TLS handshake with an alert', () => {
  // RFC 8446, 6.2; a TLS alert is a record of type 21, with a level and a description.
  for (const [what, description, words] of [
    ['it serves no such host', 112, / refused the TLS handshake\./],
    ['it fails', 80, / refused the TLS handshake\./],
    ['it denies access', 49, / refused the TLS handshake\./],
    ['it wants a client certificate, with TLS 1.2', 42, / requires a client certificate/],
    ['it wants a client certificate of its CA', 48, / requires a client certificate/],
    ['it accepts only weak ciphers', 71, / outdated TLS version or key\./],
  ] as const) {
    it(`isn't reported as a server without HTTPS: ${what}`, async () => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, description])));
      });
      await assertUnreachable(server, words);
    });
  }
});

describe('a certificate that breaks a rule', () => {
  for (const code of ['INVALID_PURPOSE', 'UNSPECIFIED', 'HOSTNAME_MISMATCH', 'INVALID_CA']) {
    it(`is what is wrong, and not the network: ${code}`, () => {
      const error = toLookerError('https://acme.example', Object.assign(new Error(), { code }));
      assert(error instanceof UntrustedCertificateError);
      assert.equal(error.detail, code);
    });
  }
});

describe('an instance with its own certificate', () => {
  let looker: StandInLooker;
  let folder: string;
  let acme: Certificate;
  let shown: Certificate;
  let byAcme: Certificate;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-tls-'));
    acme = await authority();
    shown = await serverCertificate();
    byAcme = await serverCertificate({ signedBy: acme });
    looker = await StandInLooker.start({ certificate: shown });
  });
  after(async () => {
    await looker.stop();
    await rm(folder, { recursive: true });
  });
  afterEach(() => {
    looker.clearFaults();
    looker.changeCertificate(shown);
  });

  const file = async (name: string, text: string): Promise<Trust> => {
    const caFile = path.join(folder, name);
    await writeFile(caFile, text);
    return { caFile };
  };
  const logIn = async (trust: Trust, at = looker) =>
    await trusted(at.baseUrl, trust).login(at.apiKeyOf('Ada'));

  describe('that the user has trusted', () => {
    it('is reached, and receives requests', async () => {
      const api = trusted(looker.baseUrl, exactly(shown));
      const { value } = await api.login(looker.apiKeyOf('Ada'));
      assert.equal((await api.me(value)).name, 'Ada Lovelace');
      await api.logout(value);
      assert.deepEqual(looker.liveTokens(), []);
    });

    it("isn't reached by clients that don't trust it", async () => {
      const before = looker.requests.length;
      await assert.rejects(
        lookerApi(looker.baseUrl).login(looker.apiKeyOf('Ada')),
        UntrustedCertificateError,
      );
      assert.equal(looker.requests.length, before);
    });

    it('may have any name in its certificate, since exactly this one is trusted', async () => {
      const elsewhere = await serverCertificate({ hosts: ['elsewhere.example'] });
      looker.changeCertificate(elsewhere);
      await logIn(exactly(elsewhere));
    });

    it('may be signed by anyone', async () => {
      looker.changeCertificate(byAcme);
      await logIn(exactly(byAcme));
    });

    it("isn't trusted for another instance", async () => {
      const theirs = await serverCertificate();
      const other = await StandInLooker.start({ certificate: theirs });
      const both = await Promise.allSettled([
        logIn(exactly(shown)),
        logIn(exactly(theirs), other),
        logIn(exactly(theirs)),
        logIn(exactly(shown), other),
        lookerApi(other.baseUrl).release(),
      ]);
      await other.stop();
      assert.deepEqual(
        both.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected'],
      );
    });

    it('is refused with a milder message if the same CA is named: it may be a renewal', async () => {
      looker.changeCertificate(await serverCertificate({ signedBy: acme }));
      const before = looker.requests.length;
      await assert.rejects(logIn(exactly(byAcme)), (error: Error) => {
        assert.ok(error instanceof ChangedCertificateError);
        assert.match(
          error.message,
          /a new certificate from "O=Acme, CN=Acme Private CA", so nothing was sent/,
        );
        assert.match(error.message, /"caFile"/);
        assert.ok(error.detail.includes(error.shown));
        return true;
      });
      assert.equal(looker.requests.length, before);
    });

    const others: [what: string, make: () => Promise<[was: Certificate, is: Certificate]>][] = [
      ['is a different one', async () => [shown, await serverCertificate()]],
      [
        'has the same signature on it, and another name',
        async () => [
          byAcme,
          await serverCertificate({ hosts: ['127.0.0.1', 'localhost'], signedBy: acme }),
        ],
      ],
      // A certificate signed by the trusted one must not be accepted in its place.
      ['was signed with it', () => Promise.resolve([acme, byAcme])],
    ];
    for (const [what, make] of others) {
      it(`is refused with a warning if its certificate has changed and ${what}`, async () => {
        const [was, is] = await make();
        looker.changeCertificate(is);
        const before = looker.requests.length;
        await assert.rejects(logIn(exactly(was)), (error: Error) => {
          assert.ok(error instanceof ChangedCertificateError);
          assert.match(error.message, /changed, so nothing was sent: someone may/);
          assert.equal(error.detail, `SHA-256 ${error.trusted}, now ${error.shown}`);
          assert.equal(error.trusted, fingerprintOf(was));
          assert.equal(error.shown, fingerprintOf(is));
          return true;
        });
        assert.equal(looker.requests.length, before);
      });
    }

    it('is refused once it has expired', async () => {
      const expired = await serverCertificate({
        from: new Date(Date.now() - 2 * DAY_MS),
        to: new Date(Date.now() - DAY_MS),
      });
      looker.changeCertificate(expired);
      const refused = { code: 'CERT_HAS_EXPIRED', message: /has expired/ };
      await assert.rejects(logIn(exactly(expired)), refused);
    });
  });

  describe('with a CA file', () => {
    it('is reached if a CA in the file signed its certificate, whatever else is in the file', async () => {
      looker.changeCertificate(byAcme);
      const other = await authority('Another CA');
      await logIn(await file('two.pem', `A comment\n${other.cert}\n\nAnother\n${acme.cert}`));
    });

    it('is reached if its own certificate is in the file', async () => {
      await logIn(await file('leaf.pem', shown.cert));
    });

    it('is refused if none of them signed its certificate', async () => {
      const trust = await file('acme.pem', acme.cert);
      await assert.rejects(logIn(trust), UntrustedCertificateError);
    });

    it("isn't said to be untrusted by the machine if it leaves out its CA's certificates", async () => {
      looker.changeCertificate(byAcme);
      const other = await authority('Another CA');
      const refused = {
        code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        message: /or intermediate certificates are missing/,
      };
      await assert.rejects(logIn(await file('other.pem', other.cert)), refused);
    });

    it('is refused under another name', async () => {
      looker.changeCertificate(
        await serverCertificate({ hosts: ['elsewhere.example'], signedBy: acme }),
      );
      const refused = { code: 'ERR_TLS_CERT_ALTNAME_INVALID', message: /is for another host/ };
      await assert.rejects(logIn(await file('acme.pem', acme.cert)), refused);
    });

    it('is verified with the current contents of the file', async () => {
      const trust = await file('new.pem', acme.cert);
      await assert.rejects(logIn(trust), UntrustedCertificateError);
      await file('new.pem', shown.cert);
      await logIn(trust);
    });

    const useless: [what: string, text: string | undefined, problem: RegExp][] = [
      ['is a private key', '-----BEGIN PRIVATE KEY-----\nMIIB\n', /but "PRIVATE KEY"\. Export it/],
      ['is in PKCS #7', '-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----', /, but "PKCS7"\./],
      ['is too large', 'x'.repeat(1_048_577), /is too large for a CA file/],
      ['is missing', undefined, /^The file .*ca\.pem doesn't exist\.$/],
      ['is empty', '', /ca\.pem has no PEM certificate/],
      ['holds something else', 'Hello', / has no PEM certificate/],
      [
        'is damaged',
        '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
        /^The certificate on line 1 of .* is damaged\.$/,
      ],
    ];
    for (const [what, text, problem] of useless) {
      it(`is sent nothing if the file ${what}`, async () => {
        const caFile = path.join(folder, 'ca.pem');
        await rm(caFile, { force: true });
        if (text !== undefined) await writeFile(caFile, text);
        const before = looker.requests.length;
        await assert.rejects(logIn({ caFile }), (error: Error) => {
          assert.ok(error instanceof CaFileError);
          assert.match(error.problem, problem);
          assert.ok(error.message.includes(caFile));
          return true;
        });
        assert.equal(looker.requests.length, before);
      });
    }

    const lines = () => acme.cert.trim().split(/\r?\n/);
    const base64 = () => lines().slice(1, -1).join('');
    const forms: [what: string, bytes: () => string | Buffer][] = [
      ['DER, as Windows exports it', () => Buffer.from(base64(), 'base64')],
      ['indented, as in YAML', () => lines().join('\n    ')],
      ['with the line ends of Windows, and a mark', () => `\ufeff${lines().join('\r\n')}`],
      ['with the line ends of an old Mac', () => lines().join('\r')],
      ['with escaped line ends, as in JSON', () => `{"ca":"${lines().join('\\n')}"}`],
      ['on one line', () => lines().join(' ')],
      ['with blank lines', () => lines().join('\n\n')],
      ['with its other name', () => acme.cert.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE')],
      ['beside its private key', () => acme.key + acme.cert],
      ['beside what OpenSSL prints of it', () => `Certificate:\n    Data:\n${acme.cert}`],
    ];
    for (const [what, bytes] of forms) {
      it(`is reached if the certificate in the file is ${what}`, async () => {
        looker.changeCertificate(byAcme);
        const caFile = path.join(folder, 'form.pem');
        await writeFile(caFile, bytes());
        await logIn({ caFile });
        // The user agrees to certificates, and not to how a file writes them.
        const plain = path.join(folder, 'plain.pem');
        await writeFile(plain, acme.cert);
        const { baseUrl } = looker;
        assert.deepEqual(await caFileIn(baseUrl, caFile), await caFileIn(baseUrl, plain));
      });
    }

    it('is sent nothing if the file may forbid to use its certificate for servers', async () => {
      looker.changeCertificate(byAcme);
      const trusted = acme.cert.replaceAll(' CERTIFICATE', ' TRUSTED CERTIFICATE');
      await assert.rejects(logIn(await file('trusted.pem', trusted)), /but "TRUSTED CERTIFICATE"/);
    });

    it('is sent nothing, at once, if the file is a pipe', async function () {
      if (process.platform === 'win32') this.skip();
      const caFile = path.join(folder, 'pipe.pem');
      execFileSync('mkfifo', [caFile]);
      await assert.rejects(logIn({ caFile }), /pipe\.pem isn't a file\./);
    });

    const good = () => acme.cert.trim();
    const bad = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
    const cutOff = '-----BEGIN CERTIFICATE-----\nMIIB';
    for (const [what, lines, line] of [
      ['the second', () => [good(), bad, good()], () => good().split('\n').length + 1],
      ['one that is cut off', () => ['A comment', cutOff, good()], () => 2],
      ['the last, which is cut off', () => [good(), cutOff], () => good().split('\n').length + 1],
    ] as const) {
      it(`is reported with the damaged certificate: ${what}`, async () => {
        const trust = await file('one-bad.pem', lines().join('\n'));
        await assert.rejects(logIn(trust), ({ problem }: CaFileError) => {
          assert.match(problem, new RegExp(`^The certificate on line ${line()} of .*one-bad`));
          return true;
        });
      });
    }

    for (const [what, encode] of [
      ['as Windows PowerShell writes it', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
      ['without a mark', (text) => Buffer.from(text, 'utf16le')],
      ['in the other byte order', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ] as const satisfies [string, (text: string) => Buffer][]) {
      it(`is reported as having a UTF-16 file, ${what}`, async () => {
        const caFile = path.join(folder, 'utf16.pem');
        await writeFile(caFile, encode(acme.cert));
        await assert.rejects(logIn({ caFile }), ({ problem }: CaFileError) => {
          assert.match(problem, /utf16\.pem is saved as UTF-16, not as UTF-8\.$/);
          return true;
        });
      });
    }

    it("is reported without the path of the home folder, which contains the user's name", async () => {
      const caFile = path.join(os.homedir(), 'certificates', 'missing.pem');
      const shown = path.join('~', 'certificates', 'missing.pem');
      await assert.rejects(logIn({ caFile }), ({ problem }: CaFileError) => {
        assert.equal(problem, `The file ${shown} doesn't exist.`);
        return true;
      });
    });

    it('is asked nothing where its path is not absolute, or a folder', async () => {
      await assert.rejects(logIn({ caFile: 'ca.pem' }), /ca\.pem isn't absolute/);
      await assert.rejects(logIn({ caFile: folder }), /is a folder/);
    });
  });

  describe('fails like any other', () => {
    const api = () => trusted(looker.baseUrl, exactly(shown));

    it('if it sends too much', async () => {
      looker.fault({ kind: { is: 'huge', bytes: 100 * 1024 * 1024 } });
      await assert.rejects(api().release(), ResponseTooLargeError);
    });

    for (const afterHeaders of [false, true]) {
      it(`if it sends nothing${afterHeaders ? ' more' : ''}`, async () => {
        looker.fault({ kind: { is: 'halfOpen', afterHeaders } });
        const { baseUrl } = looker;
        const options = { fetch: fetchFor(baseUrl, exactly(shown)), timeoutMs: 200 };
        await assert.rejects(lookerApi(baseUrl, options).release(), TimeoutError);
      });

      it(`if the connection is reset${afterHeaders ? ' in mid-body' : ''}`, async () => {
        looker.fault({ kind: { is: 'reset', afterHeaders } });
        await assert.rejects(api().release(), (error: Error) => {
          assert.ok(error instanceof UnreachableError);
          assert.match(error.message, /connection closed/);
          return true;
        });
      });
    }

    it('if the request is canceled', async () => {
      looker.fault({ kind: { is: 'halfOpen' } });
      await assert.rejects(api().release(AbortSignal.timeout(50)), CanceledError);
    });

    it("if it redirects elsewhere, which isn't followed", async () => {
      const other = await StandInLooker.start({ certificate: shown });
      looker.fault({ kind: { is: 'redirect', to: `${other.baseUrl}/login`, status: 307 } });
      await assert.rejects(logIn(exactly(shown)), RedirectedError);
      assert.deepEqual(other.requests, []);
      await other.stop();
    });

    it('if there is no server', async () => {
      const gone = await StandInLooker.start({ certificate: shown });
      await gone.stop();
      await assert.rejects(trusted(gone.baseUrl, exactly(shown)).release(), /connection refused/);
    });
  });
});

describe('inspecting the certificate of an instance', () => {
  let looker: StandInLooker;
  let shown: Certificate;
  before(async () => {
    shown = await serverCertificate({ signedBy: await authority() });
    looker = await StandInLooker.start({ certificate: shown });
  });
  after(() => looker.stop());

  const lookAt = (baseUrl: string, trust?: Trust, signal = new AbortController().signal) =>
    inspectViaVsCode({ baseUrl, timeoutMs: 300 }, trust, signal);

  it("shows what people compare, and why it isn't trusted", async () => {
    const { certificate, problem } = await lookAt(looker.baseUrl);
    assert.equal(certificate.subject, 'O=Acme, CN=localhost');
    assert.equal(certificate.issuer, 'O=Acme, CN=Acme Private CA');
    assert.match(certificate.fingerprint, /^([\dA-F]{2}:){31}[\dA-F]{2}$/);
    assert.equal(certificate.fingerprint, fingerprintOf(shown));
    assert.ok(certificate.validFrom < new Date() && new Date() < certificate.validTo);
    assert.equal(problem, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('finds no problem with a trusted one', async () => {
    assert.equal((await lookAt(looker.baseUrl, exactly(shown))).problem, undefined);
  });

  it('shows an expired one, and one for another host', async () => {
    const old = { from: new Date(Date.now() - 2 * DAY_MS), to: new Date(Date.now() - DAY_MS) };
    looker.changeCertificate(await serverCertificate({ ...old, hosts: ['elsewhere.example'] }));
    const { certificate } = await lookAt(looker.baseUrl);
    looker.changeCertificate(shown);
    assert.ok(certificate.validTo < new Date());
    assert.match(certificate.subject, /elsewhere\.example/);
  });

  it('sends nothing, not even a request', async () => {
    let received = 0;
    const { createServer: createTls } = await import('node:tls');
    const server = createTls(shown, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data: Buffer) => (received += data.length));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const closed = once(server, 'connection').then(([socket]) => once(socket as Socket, 'close'));
    await lookAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await closed;
    server.close();
    assert.equal(received, 0);
  });

  it('reports that there is no server, no response, or no TLS', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const port = String((silent.address() as AddressInfo).port);
    await assert.rejects(lookAt(`https://127.0.0.1:${port}`), TimeoutError);
    await assert.rejects(
      lookAt(`https://127.0.0.1:${port}`, undefined, AbortSignal.timeout(50)),
      CanceledError,
    );
    for (const socket of sockets) socket.destroy();
    silent.close();
    await once(silent, 'close');
    await assert.rejects(lookAt(`https://127.0.0.1:${port}`), UnreachableError);
    const plain = await StandInLooker.start();
    await assert.rejects(lookAt(plain.baseUrl.replace('http:', 'https:')), /doesn't use HTTPS/);
    await plain.stop();
  });
});

describe('a certificate', () => {
  it("can't push its fingerprint out of sight with long names", async () => {
    const { cert } = await serverCertificate({ hosts: [`${'a'.repeat(60)}.example`] });
    const { subject } = certificateOf(cert);
    assert.ok(!subject.includes('\n'));
    assert.ok(subject.length <= 121);
  });
});
