import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NodeSettingsIniFile } from '@looker/sdk-node';
import fc from 'fast-check';
import { parseBaseUrl } from '../../../../src/looker/instance/baseUrl';
import {
  readEnvironment,
  readIni,
  type UsableSection,
} from '../../../../src/looker/apiKeys/lookerIni';

const KEY = 'client_id = abc\nclient_secret = s3cret\n';

describe('a looker.ini', () => {
  const only = (contents: string, env: NodeJS.ProcessEnv = {}) => {
    const [section, another] = readIni(contents, env);
    assert.ok(section && !another);
    return section;
  };
  const settingsOf = (contents: string, env: NodeJS.ProcessEnv = {}) => {
    const section = only(contents, env);
    assert.ok('settings' in section, JSON.stringify(section));
    return section.settings;
  };
  const problemOf = (contents: string) => {
    const section = only(contents);
    assert.ok('problem' in section);
    return section.problem;
  };

  it('has sections, each with an instance and an API key', () => {
    const sections = readIni(
      `[Looker]\nbase_url=https://acme.cloud.looker.com\n${KEY}[dev]\nbase_url=https://dev.acme.com:19999\n${KEY}`,
      {},
    );
    assert.deepEqual(sections, [
      {
        name: 'Looker',
        doubts: [],
        notes: [],
        settings: {
          baseUrl: 'https://acme.cloud.looker.com',
          apiKey: { clientId: 'abc', clientSecret: 's3cret' },
          verifySsl: true,
          timeout: undefined,
        },
      },
      {
        name: 'dev',
        doubts: [],
        notes: [],
        settings: {
          baseUrl: 'https://dev.acme.com:19999',
          apiKey: { clientId: 'abc', clientSecret: 's3cret' },
          verifySsl: true,
          timeout: undefined,
        },
      },
    ]);
  });

  it('is read correctly with comments, blank lines, quotes and Windows line ends', () => {
    const { baseUrl, apiKey, verifySsl, timeout } = settingsOf(
      [
        '# our Looker',
        '[Looker]',
        '',
        'base_url = "https://acme.looker.com:19999/api/4.0" ; API',
        "client_id = 'abc'",
        'client_secret = `s3cret` # of Ada',
        'verify_ssl = No',
        'timeout = 300',
      ].join('\r\n'),
    );
    assert.equal(baseUrl, 'https://acme.looker.com:19999');
    assert.deepEqual(apiKey, { clientId: 'abc', clientSecret: 's3cret' });
    assert.equal(verifySsl, false);
    assert.equal(timeout, 300);
  });

  for (const yes of ['true', 'T', 'yes', 'y', '1', '', 'perhaps']) {
    it(`verifies certificates if verify_ssl is "${yes}"`, () => {
      const { verifySsl } = settingsOf(`[a]\nbase_url=a.looker.com\n${KEY}verify_ssl=${yes}`);
      assert.equal(verifySsl, true);
    });
  }

  for (const timeout of ['', 'soon', '0', '-1']) {
    it(`has no timeout if it is "${timeout}"`, () => {
      const contents = `[a]\nbase_url=a.looker.com\n${KEY}timeout=${timeout}`;
      assert.equal(settingsOf(contents).timeout, undefined);
    });
  }

  it('reports what a section lacks, and continues with the others', () => {
    const sections = readIni(
      `[a]\nclient_id=abc\nclient_secret\n[b]\nbase_url=b.looker.com\n${KEY}`,
      {},
    );
    assert.deepEqual(sections[0], {
      name: 'a',
      problem: "The section doesn't set base_url, client_secret.",
    });
    assert.ok(sections[1] && 'settings' in sections[1]);
  });

  it("reports that base_url isn't a URL", () => {
    assert.match(problemOf(`[a]\nbase_url=looker\n${KEY}`), /isn't the URL of a Looker instance/);
  });

  it('never reveals the key in a problem', () => {
    assert.doesNotMatch(problemOf(`[a]\nbase_url=looker\n${KEY}`), /abc|s3cret/);
    assert.doesNotMatch(problemOf('[a]\nclient_secret = s3cret'), /s3cret/);
  });

  it('may name a section with dots, as for the SDK for Python', () => {
    const names = readIni(`[acme.looker.com]\n${KEY}[acme]\n${KEY}`, {}).map(({ name }) => name);
    assert.deepEqual(names, ['acme.looker.com', 'acme']);
  });

  it('has no sections without a header', () => {
    for (const contents of [
      '',
      'client_id = abc',
      'not an ini file',
      '[',
      '\0\u{1F980}',
      'client_id = config["a"]\nclient_secret = config["b"]\n',
      'client_id = your_client_id\nclient_secret = your_client_secret\n',
    ]) {
      assert.deepEqual(readIni(contents, {}), []);
    }
  });

  it('reports a key without a header above it, and continues with the sections below', () => {
    const problem = 'A section header, such as [Looker], is missing above line 2.';
    for (const contents of [`\n${KEY}`, `# ours\nbase_url=a.looker.com\n${KEY}`]) {
      const name = contents.includes('base_url') ? 'base_url' : 'client_id';
      assert.deepEqual(only(contents), { name: `${name} from line 2`, problem });
    }
    const [lost, section, ...others] = readIni(
      `\nbase_url=a.looker.com\n${KEY}[b]\nbase_url=b.looker.com\n${KEY}`,
      {},
    );
    assert.deepEqual(lost, { name: 'base_url from line 2', problem });
    assert.ok(section && 'settings' in section && others.length === 0);
    assert.equal(section.settings.baseUrl, 'https://b.looker.com');
    assert.deepEqual(section.doubts, []);
  });

  it('says nothing of a key without a header beside variables, which need none', () => {
    const variables = `LOOKERSDK_BASE_URL=a.looker.com\nLOOKERSDK_CLIENT_ID=abc\nLOOKERSDK_CLIENT_SECRET=s3cret\n`;
    const section = only(`${KEY}${variables}`);
    assert.ok('settings' in section && section.doubts.length === 0);
  });

  it("can't use section names to alter the text around them", () => {
    assert.equal(only('[a\u202eb\u0007]\n').name, 'ab');
  });

  it('never fails, whatever it contains', () => {
    const line = fc.constantFrom(
      '[',
      ']',
      '[a]',
      '=',
      'base_url',
      '=x',
      '"',
      "'",
      '\n',
      '\\',
      '.',
      '[]',
      'null',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 30 }), (lines) => {
        for (const { name } of readIni(lines.join(''), {})) assert.notEqual(name, '');
      }),
    );
  });
});

describe('the environment', () => {
  const env = {
    LOOKERSDK_BASE_URL: '"https://env.looker.com"',
    LOOKERSDK_CLIENT_ID: 'env-id',
    LOOKERSDK_CLIENT_SECRET: 'env-secret',
  };

  const inFile = (contents: string, env: NodeJS.ProcessEnv) => {
    const [section, another] = readIni(contents, env);
    assert.ok(section && !another && 'settings' in section, JSON.stringify(section));
    return section;
  };

  it('sends no key elsewhere: if it differs, the section keeps its own, with a doubt', () => {
    const contents = `[a]\nbase_url=a.looker.com\n${KEY}`;
    for (const [differs, names] of [
      [{ LOOKERSDK_BASE_URL: 'https://env.looker.com' }, 'LOOKERSDK_BASE_URL'],
      [{ LOOKERSDK_CLIENT_ID: 'env-id' }, 'LOOKERSDK_CLIENT_ID'],
      [env, 'LOOKERSDK_BASE_URL, LOOKERSDK_CLIENT_ID, LOOKERSDK_CLIENT_SECRET'],
    ] as const) {
      const { settings, doubts } = inFile(contents, differs);
      assert.equal(settings.baseUrl, 'https://a.looker.com');
      assert.deepEqual(settings.apiKey, { clientId: 'abc', clientSecret: 's3cret' });
      assert.deepEqual(doubts, [`set to another value in VS Code's environment: ${names}`]);
    }
  });

  it('raises no doubt if it says the same, apart from quotes, blanks and line ends', () => {
    const { doubts } = inFile(`[a]\nbase_url=a.looker.com\n${KEY}`, {
      LOOKERSDK_BASE_URL: ' "https://a.looker.com/" \r',
      LOOKERSDK_CLIENT_ID: "'abc' \r\n",
      LOOKERSDK_CLIENT_SECRET: '',
    });
    assert.deepEqual(doubts, []);
  });

  it('fills a gap, with a doubt, if its other values agree', () => {
    const { settings, doubts } = inFile('[a]\nbase_url=a.looker.com\n', {
      ...env,
      LOOKERSDK_BASE_URL: 'a.looker.com',
    });
    assert.deepEqual(settings.apiKey, { clientId: 'env-id', clientSecret: 'env-secret' });
    assert.deepEqual(doubts, [
      'from the environment: LOOKERSDK_CLIENT_ID, LOOKERSDK_CLIENT_SECRET',
    ]);
  });

  it('fills no gap of another instance or key', () => {
    const sections = readIni(`[a]\nbase_url=a.looker.com\n[b]\n${KEY}`, env);
    assert.deepEqual(sections, [
      { name: 'a', problem: "The section doesn't set client_id, client_secret." },
      { name: 'b', problem: "The section doesn't set base_url." },
    ]);
  });

  it('may be enough on its own', () => {
    assert.deepEqual(
      readEnvironment({ ...env, LOOKERSDK_VERIFY_SSL: 'f', LOOKERSDK_TIMEOUT: '10' }),
      {
        name: 'LOOKERSDK_*',
        settings: {
          baseUrl: 'https://env.looker.com',
          apiKey: { clientId: 'env-id', clientSecret: 'env-secret' },
          verifySsl: false,
          timeout: 10,
        },
        doubts: [],
        notes: [],
      },
    );
    for (const name of Object.keys(env)) {
      assert.equal(readEnvironment({ ...env, [name]: undefined }), undefined);
    }
  });

  it('is read without the comments and semicolons that some tools leave in it', () => {
    for (const end of [' # mine', ';', ' ; mine', ' #', ';\r\n', '\t# "mine"']) {
      const values = Object.entries(env).map(([name, value]) => [name, value + end] as const);
      assert.deepEqual(readEnvironment(Object.fromEntries(values)), readEnvironment(env), end);
    }
  });

  it("says why it can't be used", () => {
    for (const [odd, problem] of [
      [{ LOOKERSDK_BASE_URL: 'https://acme.com/looker' }, /URL with a path/],
      [{ LOOKERSDK_BASE_URL: '$LOOKER_URL' }, /can't contain "\$"/],
      [{ LOOKERSDK_CLIENT_ID: 'op://vault/looker' }, /client_id isn't part of an API key/],
      [{ LOOKERSDK_CLIENT_SECRET: '"secret' }, /client_secret isn't part of an API key/],
      [{ LOOKERSDK_CLIENT_SECRET: 'half#half' }, /client_secret isn't part of an API key/],
      [{ LOOKERSDK_CLIENT_SECRET: 'your-secret' }, /a placeholder/],
    ] as const) {
      const section = readEnvironment({ ...env, ...odd });
      assert.ok(section && 'problem' in section);
      assert.match(section.problem, problem);
      assert.equal(section.name, 'LOOKERSDK_*');
    }
  });
});

describe('a real-world file', () => {
  const A = 'base_url=https://a.looker.com\nclient_id=id-a\nclient_secret=secret-a\n';
  const B = 'base_url=https://b.looker.com\nclient_id=id-b\nclient_secret=secret-b\n';
  /** Host and key of each section with its doubts, or its problem. */
  const said = (contents: string, env: NodeJS.ProcessEnv = {}) =>
    readIni(contents, env).map((section) => {
      if ('problem' in section) return `${section.name}: ${section.problem}`;
      const { name, settings, doubts, notes } = section;
      const { clientId, clientSecret } = settings.apiKey;
      const { host } = new URL(settings.baseUrl);
      return [`${name}: ${host} ${clientId} ${clientSecret}`, ...doubts, ...notes].join(' · ');
    });
  const DIFFERENT = "Looker's SDKs for Node and Python read this section differently";
  const BY_PYTHON = "read the way Looker's SDK for Python does";
  const a = 'a.looker.com id-a secret-a';
  const b = 'b.looker.com id-b secret-b';

  const files: [what: string, contents: string, sections: readonly string[]][] = [
    [
      'a header with a comment',
      `[dev]\n${A}[prod] ; live\n${B}`,
      [`dev: ${a} · ${DIFFERENT}`, `prod: ${b} · ${DIFFERENT}`],
    ],
    [
      'an indented header',
      `[dev]\n${A}  [prod]\n${B}`,
      [`dev: ${a} · ${DIFFERENT}`, `prod: ${b} · ${DIFFERENT}`],
    ],
    [
      'an incomplete header',
      `[dev]\n${A}[prod\n${B}`,
      [`dev: ${a} · ${DIFFERENT}`, "prod: Line 5 isn't a section header, such as [Looker]."],
    ],
    [
      'a repeated section',
      `[dev]\n${A}[dev]\nclient_id=id-b\nclient_secret=secret-b\n`,
      [
        'dev: Two sections have this name, on lines 1 and 5.',
        'dev: Two sections have this name, on lines 1 and 5.',
      ],
    ],
    [
      'a repeated setting',
      `[dev]\n${A}BASE_URL: https://b.looker.com\n`,
      ['dev: base_url is set twice, on lines 2 and 5.'],
    ],
    ['the same line twice', `[dev]\n${A}client_id=id-a\n`, [`dev: ${a}`]],
    ['colons', `[dev]\n${A.replaceAll('=', ': ')}`, [`dev: ${a} · ${BY_PYTHON}`]],
    ['upper case', `[dev]\n${A.replace('base_url', 'BASE_URL')}`, [`dev: ${a} · ${BY_PYTHON}`]],
    [
      'a section of defaults',
      '[DEFAULT]\nbase_url=https://a.looker.com\n[dev]\nclient_id=id-a\nclient_secret=secret-a\n',
      [
        "DEFAULT: The section doesn't set client_id, client_secret.",
        `dev: ${a} · from [DEFAULT]: base_url · ${BY_PYTHON}`,
      ],
    ],
    [
      'a section of defaults that is not needed',
      `[DEFAULT]\n${A}[dev]\n${B}`,
      [`DEFAULT: ${a}`, `dev: ${b}`],
    ],
    ['all lines indented', `  [dev]\n${A.replaceAll(/^(?=.)/gm, '  ')}`, [`dev: ${a}`]],
    ['line ends of old Macs', `[dev]\r${A.replaceAll('\n', '\r')}`, [`dev: ${a}`]],
    ['invisible characters', `\ufeff[dev]\n${A.replace('id-a', 'id-a\u200b')}`, [`dev: ${a}`]],
    [
      'a quoted value with a comment in quotes',
      '[dev]\nbase_url="https://a.looker.com" ; "A"\nclient_id="id-a" # "mine"\nclient_secret=secret-a\n',
      [`dev: ${a}`],
    ],
    [
      'another URL in a comment, which is part of the value for Python',
      '[dev]\nbase_url=a.looker.com ; url=https://b.looker.com\nclient_id=id-a\nclient_secret=secret-a\n',
      [`dev: ${a} · ${DIFFERENT}`],
    ],
    [
      'a URL that goes on in the next line',
      '[dev]\nbase_url=https://acme\n   .looker.com\nclient_id=id-a\nclient_secret=secret-a\n',
      [
        "dev: This isn't the URL of a Looker instance. Enter one, for example https://acme.cloud.looker.com.",
      ],
    ],
    [
      'a URL that goes on behind a comment',
      '[dev]\nbase_url=https://acme ; ours\n   .looker.com\nclient_id=id-a\nclient_secret=secret-a\n',
      [
        "dev: This isn't the URL of a Looker instance. Enter one, for example https://acme.cloud.looker.com.",
      ],
    ],
    [
      'half of a key that goes on in the next line',
      `[dev]\n${A.trim()}\n\tdef\n`,
      [
        "dev: The value of client_secret isn't part of an API key, which has letters and digits only.",
      ],
    ],
    [
      'the halves of a key swapped',
      '[dev]\nbase_url=https://a.looker.com\nclient_id=Zy8xWv5uTs2rQp9oNm6lKj3i\nclient_secret=Ab3dEf6hIj9kLm2nOp5q\n',
      ['dev: The values of client_id and client_secret are swapped.'],
    ],
    [
      'placeholders',
      '[dev]\nbase_url=https://a.looker.com\nclient_id=<your id>\nclient_secret=$SECRET\n',
      ["dev: The value of client_id isn't part of an API key, which has letters and digits only."],
    ],
    [
      'a URL with a sign in it that begins a comment',
      `[dev]\n${A.replace('a.looker', 'acme;dev.looker')}`,
      [
        'dev: A host name can\'t contain ";". Enter the instance URL, for example https://acme.cloud.looker.com.',
      ],
    ],
    ...['https://acme.cloud.lo…', 'https://acme...', '"https://acme.cloud.looker.c..."'].map(
      (cut): [string, string, readonly string[]] => [
        `the URL ${cut}, which is cut off`,
        `[dev]\n${A.replace('https://a.looker.com', cut)}`,
        [
          "dev: This isn't the URL of a Looker instance. Enter one, for example https://acme.cloud.looker.com.",
        ],
      ],
    ),
    ['a semicolon after each value', `[dev]\n${A.replaceAll('\n', ';\n')}`, [`dev: ${a}`]],
  ];
  for (const [what, contents, sections] of files) {
    it(`may have ${what}`, () => {
      assert.deepEqual(said(contents), sections);
    });
  }

  it('is read if it sets variables of the SDKs', () => {
    const [x, y, z] = ['LOOKERSDK_BASE_URL', 'LOOKERSDK_CLIENT_ID', 'LOOKERSDK_CLIENT_SECRET'];
    const [url, id, secret] = ['https://a.looker.com', 'id-a', 'secret-a'];
    for (const contents of [
      `${x}=${url}\n${y}=${id}\n${z}=${secret}\nOTHER=1\n`,
      `#!/bin/sh\nexport ${x}='${url}'\nexport ${y}="${id}"\nexport ${z}=${secret} # ours\n`,
      `export ${x}=${url} ${y}=${id} ${z}=${secret}; looker`,
      `set ${x}=${url}\r\nset ${y}=${id}\r\nset "${z}=${secret}"\r\n`,
      `$env:${x} = "${url}"\n$env:${y} = '${id}'\n$env:${z} = "${secret}"`,
      `set -gx ${x} ${url}\nset -gx ${y} "${id}"\nsetenv ${z} ${secret}`,
      `environment:\n  ${x}: ${url}\n  ${y}: "${id}"\n  ${z}: ${secret}`,
      `environment:\n  - ${x}=${url}\n  - ${y}=${id}\n  - ${z}=${secret}`,
      `[Environment]::SetEnvironmentVariable("${x}", "${url}")\n[Environment]::SetEnvironmentVariable("${y}", "${id}")\n[Environment]::SetEnvironmentVariable("${z}", "${secret}")`,
      `os.environ["${x}"] = "${url}"\nos.environ['${y}'] = '${id}'\nprocess.env["${z}"] = "${secret}";`,
      `if (process.env.${y} === 'other') exit\nENV ${x} ${url}\nENV ${y} ${id}\nENV ${z}=${secret}`,
      `export ${x} := ${url}\n${y} ?= ${id}\nENV['${z}'] ||= '${secret}'`,
      `\${env:${x}} = "${url}"\nSet-Item -Path Env:${y} -Value "${id}"\nNew-Item Env:\\${z} -Value '${secret}'`,
      `$${x} = '${url}'\n$${y} = "${id}"\n$${z}='${secret}'`,
      `set-env ${x} ${url}\nset-env ${y} ${id}\nload-env {${z}: "${secret}"}`,
      `env:\n  - name: ${x}\n    value: ${url}\n  - name: "${y}"\n    value: '${id}'\n  - name: ${z}\n    value: ${secret} # ours`,
      `- {name: ${x}, value: ${url}}\n- {name: ${y}, value: ${id}}\n- {name: ${z}, value: "${secret}"}`,
      `[{ "name": "${x}", "value": "${url}" }, { "name": "${y}", "value": "${id}" },\n{"name":"${z}","value":"${secret}"}]`,
      `[{\n"name": "${x}",\n"value": "${url}"\n}, {\n"name": "${y}",\n"value": "${id}"\n}, {\n"name": "${z}",\n"value": "${secret}"\n}]`,
      `env {\n  name = "${x}"\n  value = "${url}"\n}\nenv {\n  name = "${y}"\n  value = "${id}"\n}\nenv {\n  name = "${z}"\n  value = "${secret}"\n}`,
      ...[undefined, 2].map((indent) =>
        JSON.stringify(
          [
            { name: x, slotSetting: false, value: url },
            { key: y, type: 'default', value: id, enabled: true },
            { key: z, value: secret },
          ],
          undefined,
          indent,
        ),
      ),
      `<add key="${x}" value="${url}"/>\n<add key="${y}" value="${id}"/>\n<add key="${z}" value="${secret}"/>`,
      `# ${x}=https://old.looker.com\n${x}=${url}\n\n# the key\n${y}=${id}\n${z}=${secret}\necho $${x}`,
    ]) {
      assert.deepEqual(said(contents), [`LOOKERSDK_*: ${a}`], contents);
    }
  });

  const PARTS = ['BASE_URL', 'CLIENT_ID', 'CLIENT_SECRET'] as const;
  const [x, y, z] = PARTS.map((part) => `LOOKERSDK_${part}`) as [string, string, string];
  const [url, id, secret] = ['https://a.looker.com', 'id-a', 'secret-a'] as const;
  const UNCLEAR = 'unclear which API key belongs to which URL';

  it('never gives half of a value, whatever it is joined to', () => {
    const rests = [
      '" + x',
      '"+x',
      '" . $x',
      '".$x',
      '" & x',
      '" ~ x',
      '" <> x',
      '" || x',
      '" ++ x',
      '" % x',
      '"$X"',
      '"${X}',
      '"-dev"',
      "\"'-dev'",
      '"dev',
      '""dev"',
      '":19999',
      '":$PORT',
      '" if dev else "x"',
      '".replace("A", b)',
      '"[1:]',
      '"\n  + x',
      '"\n  .concat(x)',
      '#{x}"',
    ];
    for (const form of [
      (name: string, value: string) => `${name}=${value}`,
      (name: string, value: string) => `os.environ["${name}"] = ${value}`,
      (name: string, value: string) => `- name: ${name}\n  value: ${value}`,
      (name: string, value: string) => `setenv ${name} ${value}`,
      (name: string, value: string) => `$${name} = ${value}`,
    ]) {
      for (const rest of rests) {
        for (const half of [0, 1, 2]) {
          const contents = [url, id, secret]
            .map((value, i) => form([x, y, z][i] ?? '', `"${value}${i === half ? rest : '"'}`))
            .join('\n');
          for (const section of readIni(contents, {})) assert.ok('problem' in section, contents);
        }
      }
    }
    for (const broken of [
      'https://acme"$ENV".cloud.looker.com',
      "https://acme'-dev'.looker.com",
      'https://acme&env.looker.com',
      'https://acme;env.looker.com',
      'https://acme-#{env}.looker.com',
      'https://acme-${{ x }}.looker.com',
    ]) {
      assert.match(said(`${x}=${broken}\n${y}=${id}\n${z}=${secret}`).join(), /Enter/, broken);
    }
  });

  it('may have anything after a value that is whole', () => {
    for (const end of [
      ...['', ' ', ',', ';', ')', ' # x', ' // x', ' && x', '&&x', ' | x', '; x', ' \\'],
      ...[' "$@"', ' & set X=1', ' -m x', ' if x', ' || exit 1', '\n. ./x', '\nif x; then'],
    ]) {
      const contents = `${x}="${url}"${end}\n${y}='${id}'${end}\n${z}="${secret}"${end}`;
      assert.deepEqual(said(contents), [`LOOKERSDK_*: ${a}`], contents);
    }
  });

  it('is read without its comments', () => {
    const dev = `${x}=https://dev.looker.com`;
    const own = `${x}=${url}`;
    const key = `${y}=${id}\n${z}=${secret}`;
    for (const comment of [
      `# ${dev}`,
      `// ${dev}`,
      `REM set ${dev}`,
      `@rem set ${dev}`,
      `<!-- ${dev} -->`,
      `/* ${dev} */`,
      `/**\n * ${dev}\n */`,
      `/*\n${dev}\n*/`,
      `<#\n$env:${dev}\n#>`,
      `"""\n${dev}\n"""`,
      `'''${dev}\n'''`,
      `const x = 1; // ${dev}`,
      `const x = 1; /* ${dev} */`,
      `x = "1 # 2" # ${dev}`,
      `x = 'a' -- ${dev}`,
      `X=1 #${dev}`,
    ]) {
      const lacks = ["LOOKERSDK_*: The section doesn't set base_url."];
      assert.deepEqual(said(`${comment}\n${key}`), lacks, comment);
      assert.deepEqual(said(`${own}\n${comment}\n${key}`), [`LOOKERSDK_*: ${a}`], comment);
      assert.deepEqual(said(`${comment}\n${own}\n${key}`), [`LOOKERSDK_*: ${a}`], comment);
    }
    assert.deepEqual(said(`${own} #${dev}\n${key}`), [`LOOKERSDK_*: ${a}`]);
    for (const text of [
      'color: #fff',
      'X=https://x.example//y',
      "X='a # b'",
      'path: /*',
      'X="\\" # \\""',
      'X="""',
      'kubectl exec pod -- env',
    ]) {
      assert.deepEqual(said(`${text} ${own}\n${key}`).length, 1, text);
      assert.deepEqual(said(`${text}\n${own}\n${key}`), [`LOOKERSDK_*: ${a}`], text);
    }
  });

  const json = (value: unknown) => [undefined, 2].map((by) => JSON.stringify(value, undefined, by));

  it('has doubts if a URL and its key are set in different places', () => {
    const [dev, prod] = [{ [x]: url }, { [y]: id, [z]: secret }];
    const list = (env: Record<string, string>) =>
      Object.entries(env).map(([name, value]) => ({ name, value }));
    for (const contents of [
      ...json([
        { name: 'dev', env: dev },
        { name: 'prod', env: prod },
      ]),
      ...json({ 'terminal.integrated.env.osx': dev, 'terminal.integrated.env.linux': prod }),
      ...json([{ env: list(dev) }, { env: list(prod) }]),
      `services:\n  dev:\n    environment:\n      ${x}: ${url}\n  prod:\n    environment:\n      ${y}: ${id}\n      ${z}: ${secret}`,
      `containers:\n- name: dev\n  env:\n  - name: ${x}\n    value: ${url}\n- name: prod\n  env:\n  - name: ${y}\n    value: ${id}\n  - name: ${z}\n    value: ${secret}`,
      `heroku config:set ${x}=${url} -a dev\nheroku config:set ${y}=${id} ${z}=${secret} -a prod`,
      `if dev; then\n${x}=${url}\nelse\n${y}=${id}\n${z}=${secret}\nfi`,
      `case $E in\ndev) ${x}=${url};;\nprod) ${y}=${id}; ${z}=${secret};;\nesac`,
      `if dev:\n  ${x} = "${url}"\nif prod:\n  ${y} = "${id}"\n  ${z} = "${secret}"`,
      `dev() {\n  ${x}=${url}\n}\nprod() {\n  ${y}=${id}\n  ${z}=${secret}\n}`,
      `dev:\n${x}=${url}\nprod:\n${y}=${id}\n${z}=${secret}`,
      `${x}=${url}\nprod() {\n${y}=${id}\n${z}=${secret}\n}`,
      `<dev><add key="${x}" value="${url}"/></dev><prod><add key="${y}" value="${id}"/><add key="${z}" value="${secret}"/></prod>`,
      // What divides files, stages, and branches.
      `<<<<<<< HEAD\n${x}=${url}\n=======\n${y}=${id}\n${z}=${secret}\n>>>>>>> dev`,
      `==> dev/.env <==\n${x}=${url}\n\n==> prod/.env <==\n${y}=${id}\n${z}=${secret}`,
      `*** DEV ***\n${x}=${url}\n*** PROD ***\n${y}=${id}\n${z}=${secret}`,
      `\`\`\`\n${x}=${url}\n\`\`\`\n\`\`\`\n${y}=${id}\n${z}=${secret}\n\`\`\``,
      `FROM a AS dev\nENV ${x}=${url}\nFROM b AS prod\nENV ${y}=${id}\nENV ${z}=${secret}`,
      `:dev\nset ${x}=${url}\ngoto end\n:prod\nset ${y}=${id}\nset ${z}=${secret}\n:end`,
      `if "%1"=="dev" (\nset ${x}=${url}\n) else (\nset ${y}=${id}\nset ${z}=${secret}\n)`,
      // Other words around the variables.
      ...[
        (where: string, set: string) => `if "%1"=="${where}" set ${set}`,
        (where: string, set: string) => `[ "$E" = ${where} ] && export ${set}`,
        (where: string, set: string) => `alias ${where}='export ${set}'`,
        (where: string, set: string) => `ssh ${where} "export ${set}"`,
        (where: string, set: string) => `${where}: export ${set}`,
        (where: string, set: string) => `${where}.env:1:${set}`,
        (where: string, set: string) => `echo "${set}" >> ${where}.env`,
        (where: string, set: string) => `echo ${set} | tee -a ${where}.env`,
      ].flatMap((form) => {
        const lines = [form('dev', `${x}=${url}`), form('prod', `${y}=${id}`)];
        return [[...lines, form('prod', `${z}=${secret}`)].join('\n')];
      }),
      `dev = dict(${x}="${url}")\nprod = dict(${y}="${id}", ${z}="${secret}")`,
      `docker run -e ${x}=${url} dev && docker run -e ${y}=${id} -e ${z}=${secret} prod`,
      `ssh dev "export ${x}=${url}"; ssh prod "export ${y}=${id} ${z}=${secret}"`,
    ]) {
      assert.deepEqual(said(contents), [`LOOKERSDK_*: ${a} · ${UNCLEAR}`], contents);
    }
    // One of them is set in a block, under a condition, or for one command only, and the others aren't.
    const forms = {
      sh: (name: string, value: string) => `export ${name}=${value}`,
      py: (name: string, value: string) => `os.environ["${name}"] = "${value}"`,
      js: (name: string, value: string) => `process.env.${name} = '${value}';`,
      rb: (name: string, value: string) => `ENV['${name}'] = '${value}'`,
      bat: (name: string, value: string) => `set ${name}=${value}`,
      yaml: (name: string, value: string) => `${name}: ${value}`,
    };
    for (const [language, around] of [
      ['py', (set: string) => `if prod: ${set}`],
      ['py', (set: string) => `if prod:\n    ${set}`],
      ['py', (set: string) => `if prod:\n    ${set}\n`],
      ['py', (set: string) => `def use_prod():\n    ${set}\n\n`],
      ['py', (set: string) => `for name in names:\n\t${set}`],
      ['sh', (set: string) => `[ "$1" = prod ] && ${set}`],
      ['sh', (set: string) => `[ $1 = 2 ] && ${set}`],
      ['sh', (set: string) => `test -n "$PROD" || ${set}`],
      ['sh', (set: string) => `if [ $1 = prod ]; then ${set}; fi`],
      ['sh', (set: string) => `${set.replace('export ', '')} python deploy.py`],
      ['sh', (set: string) => `docker run -e ${set.replace('export ', '')} prod`],
      ['sh', (set: string) => `prod: ${set}`],
      ['sh', (set: string) => `ssh prod "${set}"`],
      ['sh', (set: string) => ` ${set}`],
      ['js', (set: string) => `if (prod) ${set}`],
      ['js', (set: string) => `if (prod)\n  ${set}`],
      ['js', (set: string) => `prod && (${set.replace(';', ');')}`],
      ['rb', (set: string) => `${set} if prod?`],
      ['rb', (set: string) => `${set} unless dev?`],
      ['bat', (set: string) => `if "%1"=="prod" ${set}`],
      ['yaml', (set: string) => `prod:\n  ${set}`],
      ['yaml', (set: string) => `when@prod:\n  ${set}`],
      ['yaml', (set: string) => `dev:\n- ${set}\n-`],
    ] as const) {
      const form = forms[language];
      const [first, ...others] = [form(x, url), form(y, id), form(z, secret)];
      const contents = `${around(first)}\n${others.join('\n')}`;
      assert.deepEqual(said(contents), [`LOOKERSDK_*: ${a} · ${UNCLEAR}`], contents);
    }
    for (const contents of [
      `- ${x}: ${url}\n- ${y}: ${id}\n  ${z}: ${secret}`,
      `${y}=${id}\n${z}=${secret}\nif prod:\n    ${x}=${url}`,
      `${x}=${url}\n${y}=${id}\n[ prod ] && ${z}=${secret}`,
    ]) {
      assert.deepEqual(said(contents), [`LOOKERSDK_*: ${a} · ${UNCLEAR}`], contents);
    }
    assert.deepEqual(said(`data:\n  ${x}: ${url}\n---\ndata:\n  ${y}: ${id}\n  ${z}: ${secret}`), [
      "LOOKERSDK_* from line 2: The section doesn't set client_id, client_secret.",
      "LOOKERSDK_* from line 5: The section doesn't set base_url.",
    ]);
  });

  it('has no doubts if other things stand between a URL and its key', () => {
    for (const contents of [
      ...json({ env: { [x]: url, PATHS: ['a'], [y]: id, A: { b: {} }, [z]: secret } }),
      `env:\n  - name: ${x}\n    value: ${url}\n  - name: OTHER\n    valueFrom:\n      secretKeyRef:\n        name: s\n  - name: ${y}\n    value: ${id}\n  - name: ${z}\n    value: ${secret}`,
      `environment:\n  ${x}: ${url}\n  OTHER:\n    - 1\n  ${y}: ${id}\n  ${z}: ${secret}`,
      `heroku config:set ${x}=${url} -a a\nheroku config:set ${y}=${id} "${z}=${secret}" -a a`,
      `docker run -e ${x}=${url} \\\n  # key\n  -e ${y}=${id} \\\n  -e ${z}=${secret} image`,
      `${x}=${url}\nOTHER=1\n\n${y}=${id}\nOTHER=\${X}\n${z}=${secret}`,
      `environment:\n  ${x}: ${url}\n  ${y}: ${id}\n  LOOKERSDK_VERIFY_SSL: \${{ vars.SSL }}\n  ${z}: ${secret}`,
      `dev.env:1:${x}=${url}\ndev.env:2:${y}=${id}\ndev.env:3:${z}=${secret}`,
      `echo ${x}=${url} > dev.env\necho ${y}=${id} >> dev.env\necho ${z}=${secret} >> dev.env`,
      `base_url = os.getenv("${x}", "${url}")\nclient_id = os.getenv("${y}", "${id}")\nclient_secret = os.getenv("${z}", "${secret}")`,
      `putenv("${x}=${url}"); putenv("${y}=${id}"); putenv("${z}=${secret}");`,
      `docker run -e ${x}=${url} -e ${y}=${id} \\\n  -e ${z}=${secret} image`,
      // Files as people have them.
      `LOG=1\n${x}=${url}\nexport ${y}=${id}\n${z}="${secret}"`,
      `services:\n  app:\n    image: a\n    environment:\n      - ${x}=${url}\n      - ${y}=${id}\n      - "${z}=${secret}"\n    ports:\n      - 1`,
      `services:\n  app:\n    environment:\n      ${x}: ${url}\n      ${y}: "${id}"\n      ${z}: '${secret}'`,
      `if [ -f ~/.a ]; then\n  . ~/.a\nfi\n\n# Looker\nexport ${x}=${url}\nexport ${y}=${id}\n\nexport ${z}=${secret}\nalias l=ls`,
      `function a {\n  export ${x}=${url}\n  export ${y}=${id}\n  export ${z}=${secret}\n}`,
      `if prod:\n    os.environ["${x}"] = "${url}"\n    os.environ["${y}"] = "${id}"\n    os.environ["${z}"] = "${secret}"`,
      `FROM a\nARG ${x}=${url}\nENV ${y}=${id}\nENV ${z} ${secret}\nRUN b`,
      `FROM a\nENV ${x}=${url} \\\n    ${y}=${id} \\\n    ${z}=${secret}`,
      `$env:${x} = "${url}"\n$Env:${y}="${id}"\n[Environment]::SetEnvironmentVariable('${z}', '${secret}')`,
      `jobs:\n  a:\n    steps:\n      - run: b\n        env:\n          ${x}: ${url}\n          ${y}: ${id}\n          ${z}: ${secret}`,
      `jobs:\n  a:\n    steps:\n      - ${x}: ${url}\n        ${y}: ${id}\n        ${z}: ${secret}`,
      `variables:\n  - ${x}: ${url}\n  - ${y}: ${id}\n  - ${z}: ${secret}`,
      `[program:a]\nenvironment=${x}="${url}",\n  ${y}="${id}",\n  ${z}="${secret}"`,
      `[Service]\nEnvironment=${x}=${url}\nEnvironment="${y}=${id}"\nEnvironment=${z}=${secret}`,
      `os.environ.update({"${x}": "${url}",\n                   "${y}": "${id}",\n                   "${z}": "${secret}"})`,
      `cd a && export ${x}=${url} && export ${y}=${id} && export ${z}=${secret}`,
      `setx ${x} "${url}" /M\r\nsetx ${y} "${id}" /M\r\nsetx ${z} "${secret}" /M`,
    ]) {
      assert.deepEqual(said(contents), [`LOOKERSDK_*: ${a}`], contents);
    }
  });

  it("takes no word for half of a key that isn't random", () => {
    for (const word of [
      ...['client_id', 'your_client_id', 'REDACTED', 'changeme', 'CHANGE_ME', 'TODO', 'None'],
      ...['xxxx', '____', '-----', '00000000000000000000', 'xxxxxxxx-xxxx', 'XXXX0XXXX'],
      // From `looker-sample.ini` of Looker's SDKs, and the same words in other notations.
      ...['your_API_client_id', 'your_API3_client_secret', 'YOUR_API3_CLIENT_ID'],
      ...['YourClientID', 'yourClientSecret', 'YOUR-CLIENT-ID', 'your-client-secret', 'client-id'],
      ...['changeme1', 'ChangeMe', 'MyClientID', 'insertClientIdHere', 'CLIENT_ID_HERE'],
      ...['REDACTED-ID', 'your-looker-api-key', 'test_client_id_2', 'xxx-client-secret-xxx'],
    ]) {
      for (const key of [`${y}=${id}\n${z}=${word}`, `${y}=${word}\n${z}=${secret}`]) {
        assert.match(said(`${x}=${url}\n${key}`).join(), /isn't part of an API key/, word);
      }
    }
  });

  it('takes any random word for half of a key', () => {
    // Without a digit or a capital, it may be an ordinary word.
    const random = fc
      .stringMatching(/^[A-Za-z\d]{9,63}$/)
      .filter((half) => /\d/.test(half) && new Set(half).size > 5);
    fc.assert(
      fc.property(random, random, (id, secret) => {
        // These lengths show that the two are swapped.
        fc.pre(id.length !== 24 || secret.length !== 20);
        assert.deepEqual(said(`[a]\nbase_url=${url}\nclient_id=${id}\nclient_secret=${secret}`), [
          `a: a.looker.com ${id} ${secret}`,
        ]);
      }),
    );
  });

  it('finds placeholders in words of any notation', () => {
    const word = fc.constantFrom('your', 'my', 'api', 'looker', 'client', 'secret', 'key', 'here');
    const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
    const notation = fc.constantFrom<(words: readonly string[]) => string>(
      (words) => words.join('_'),
      (words) => words.join('-'),
      (words) => words.join('-').toUpperCase(),
      (words) => words.map(capital).join(''),
      (words) => words.map(capital).join('_'),
      (words) => `${words.join('')}1`,
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), notation, (words, notation) => {
        const half = notation(words);
        if (half.length < 4) return;
        const contents = `[a]\nbase_url=${url}\nclient_id=${half}\nclient_secret=${secret}`;
        assert.match(said(contents).join(), /isn't part of an API key, but a placeholder/);
      }),
    );
  });

  it('is read if it sets variables of other tools, which never mix with those of the SDKs', () => {
    const sdks = variables('a', 'URL', 'ID', 'SECRET');
    const tools = variables('b', 'URL', 'ID', 'SECRET').replaceAll('LOOKERSDK_', 'LOOKER_');
    const terraform = tools.replaceAll('LOOKER_CLIENT', 'LOOKER_API_CLIENT');
    assert.deepEqual(said(tools), [`LOOKER_*: ${b}`]);
    assert.deepEqual(said(terraform), [`LOOKER_*: ${b}`]);
    const lines = (text: string) => text.trim().split('\n');
    const mixed = lines(sdks).flatMap((line, i) => [line, lines(tools)[i]]);
    for (const contents of [sdks + tools, tools + sdks, mixed.join('\n')]) {
      assert.deepEqual(said(contents), [`LOOKERSDK_*: ${a}`, `LOOKER_*: ${b}`]);
    }
    const env = {
      LOOKER_BASE_URL: 'https://b.looker.com',
      LOOKER_CLIENT_ID: 'id-b',
      LOOKER_CLIENT_SECRET: 'secret-b',
      LOOKER_VERIFY_SSL: 'true',
    };
    const args = ['--stdio', '--prebuilt', 'looker'];
    const mcp = { mcpServers: { looker: { command: 'toolbox', args, env } } };
    for (const indent of [undefined, 2]) {
      assert.deepEqual(said(JSON.stringify(mcp, undefined, indent)), [`LOOKER_*: ${b}`]);
    }
    // An SDK's environment says nothing about other tools.
    assert.deepEqual(
      readIni(tools, { LOOKERSDK_CLIENT_SECRET: 'other' }).map((section) =>
        'doubts' in section ? section.doubts : section,
      ),
      [[]],
    );
    const halves = [variables('a', 'URL', 'ID'), lines(tools)[2], 'MY_LOOKER_CLIENT_SECRET=c'];
    assert.deepEqual(said(halves.join('\n')), [
      "LOOKERSDK_*: The section doesn't set client_secret.",
      "LOOKER_*: The section doesn't set base_url, client_id.",
    ]);
  });

  it('never gives a variable the value of the next one, if a name stands apart from its value', () => {
    const [x, y, z] = ['LOOKERSDK_BASE_URL', 'LOOKERSDK_CLIENT_ID', 'LOOKERSDK_CLIENT_SECRET'];
    const [url, id, secret] = ['https://a.looker.com', 'id-a', 'secret-a'];
    for (const contents of [
      `- value: ${url}\n  name: ${x}\n- value: ${id}\n  name: ${y}\n- value: ${secret}\n  name: ${z}`,
      `{"value": "${url}", "name": "${x}"}, {"value": "${id}", "name": "${y}"}, {"value": "${secret}", "name": "${z}"}`,
      `{\n"value": "${url}",\n"name": "${x}"\n}, {\n"value": "${id}",\n"name": "${y}"\n}, {\n"value": "${secret}",\n"name": "${z}"\n}`,
      `<add value="${url}" key="${x}"/><add value="${id}" key="${y}"/><add value="${secret}" key="${z}"/>`,
      `- name: ${x}\n- value: ${url}\n- name: ${y}\n\n  value: ${id}\n- name: ${z}\n  # value\n  value: ${secret}`,
      `- name: ${x}\n  value:\n- name: ${y}\n  value: |\n    ${id}\n- name: ${z}\n  valueFrom: ${secret}`,
      `- name: ${x}\n  value: $(${y})\n- name: ${y}\n  value: \${{ secrets.${y} }}\n- name: ${z}\n  value: ${secret}`,
    ]) {
      for (const section of readIni(contents, {})) assert.ok('problem' in section, contents);
    }
    assert.deepEqual(
      said(
        `- name: ${x}\n  value: ${url}\n- name: ${y}\n  value: ${id}\n- name: ${z}\n  valueFrom:\n    secretKeyRef:\n`,
      ),
      ["LOOKERSDK_*: The section doesn't set client_secret."],
    );
    assert.deepEqual(
      said(
        `- name: ${x}\n  value: ${url}\n- name: ${y}\n  valueFrom: a\n- name: ${z}\n  valueFrom: b\n---\n- name: ${y}\n  value: ${id}\n- name: ${z}\n  value: ${secret}`,
      ),
      [
        "LOOKERSDK_* from line 1: The section doesn't set client_id, client_secret.",
        "LOOKERSDK_* from line 8: The section doesn't set base_url.",
      ],
    );
    const secrets = [y, z].map((name) => `{"name": "${name}", "valueFrom": "arn:aws:x"}`).join();
    assert.deepEqual(said(`${x}=${url}\n${secrets}`), [
      "LOOKERSDK_*: The section doesn't set client_id, client_secret.",
    ]);
  });

  const variables = (which: string, ...names: string[]) =>
    names
      .map((name) => {
        const value =
          name === 'URL' ? `https://${which}.looker.com` : `${name.toLowerCase()}-${which}`;
        return `export LOOKERSDK_${name === 'URL' ? 'BASE_URL' : `CLIENT_${name}`}=${value}\n`;
      })
      .join('');
  const groups: [what: string, contents: string, sections: readonly string[]][] = [
    [
      'one after the other',
      `# A\n${variables('a', 'URL', 'ID', 'SECRET')}# B\n${variables('b', 'URL', 'ID', 'SECRET')}`,
      [`LOOKERSDK_* from line 2: ${a}`, `LOOKERSDK_* from line 6: ${b}`],
    ],
    [
      'one of them without a URL',
      variables('a', 'ID', 'SECRET') + variables('b', 'URL', 'ID', 'SECRET'),
      [
        `LOOKERSDK_* from line 1: b.looker.com id-a secret-a · ${UNCLEAR}`,
        "LOOKERSDK_* from line 4: The section doesn't set base_url.",
      ],
    ],
    [
      'in another order',
      variables('a', 'URL', 'ID', 'SECRET') + variables('b', 'SECRET', 'ID', 'URL'),
      [`LOOKERSDK_* from line 1: ${a} · ${UNCLEAR}`, `LOOKERSDK_* from line 4: ${b} · ${UNCLEAR}`],
    ],
    [
      'apart',
      `${variables('a', 'ID', 'SECRET')}\n${variables('a', 'URL')}${variables('b', 'ID', 'SECRET')}\n${variables('b', 'URL')}`,
      [`LOOKERSDK_* from line 1: ${a} · ${UNCLEAR}`, `LOOKERSDK_* from line 5: ${b} · ${UNCLEAR}`],
    ],
    [
      'under headers',
      `[a]\n${variables('a', 'URL', 'ID')}[b]\n${variables('b', 'SECRET')}`,
      [
        "LOOKERSDK_* from line 2: The section doesn't set client_secret.",
        "LOOKERSDK_* from line 5: The section doesn't set base_url, client_id.",
      ],
    ],
  ];
  for (const [what, contents, sections] of groups) {
    it(`may have variables of several instances, ${what}`, () => {
      assert.deepEqual(said(contents), sections);
    });
  }

  it('is refused if it is too large', () => {
    for (const contents of ['\n'.repeat(64_001), '[a]\n'.repeat(301)]) {
      assert.throws(() => readIni(contents, {}), /too large for a looker\.ini file/);
    }
  });

  const NAMES = ['base_url', 'client_id', 'client_secret'] as const;

  interface Written {
    readonly texts: readonly string[];
    /** Where each value is: no two are the same. */
    readonly lineOf: ReadonlyMap<string, number>;
    readonly env: Readonly<Record<string, string>>;
  }

  /**
   * Checks that the key of a section is next to its URL, that no other URL or secret is, and that each part from
   * elsewhere is named as such.
   * @returns the section's own statement about it
   */
  function checkOffer({ name, settings, doubts }: UsableSection, { texts, lineOf, env }: Written) {
    const file = texts.join('\n');
    const isHeader = (text: string) => text.trim().startsWith('[');
    const headerOf = (line: number) => texts.slice(0, line).findLast(isHeader);
    /** What the names of variables in a line begin with; undefined for a setting. */
    const prefixIn = (line: number) => /LOOKER(SDK)?_/.exec(texts[line] ?? '')?.[0];
    const isVariable = (line: number) => prefixIn(line) !== undefined;
    const { clientId: client_id, clientSecret: client_secret } = settings.apiKey;
    const values = { base_url: settings.baseUrl, client_id, client_secret };

    const variable = (name: string) => `LOOKERSDK_${name.toUpperCase()}`;
    const filled = NAMES.filter((name) => values[name] === env[variable(name)]);
    const written = NAMES.filter((name) => !filled.includes(name)).map((name) => {
      const line = lineOf.get(values[name]);
      assert.ok(line !== undefined, `${name} is from nowhere:\n${file}`);
      return { name, line, isShared: false };
    });
    for (const part of written) {
      const isSettingOfAll = !isVariable(part.line) && headerOf(part.line) === '[DEFAULT]';
      part.isShared = isSettingOfAll && name !== 'DEFAULT';
    }
    const borrowed = written.filter(({ isShared }) => isShared).map(({ name }) => name);
    const elsewhere = doubts.filter((doubt) => doubt.startsWith('from '));
    assert.deepEqual(
      elsewhere,
      [
        ...(borrowed.length > 0 ? [`from [DEFAULT]: ${borrowed.join(', ')}`] : []),
        ...(filled.length > 0 ? [`from the environment: ${filled.map(variable).join(', ')}`] : []),
      ],
      file,
    );

    const kinds = new Set(written.map(({ line }) => prefixIn(line)));
    assert.ok(kinds.size < 2, `a setting of a section with a variable, or two tools':\n${file}`);
    const isOfAnotherTool = (line: number) => isVariable(line) && !kinds.has(prefixIn(line));
    const own = written.filter(({ isShared }) => !isShared).map(({ line }) => line);
    const between = [...texts.keys()].slice(Math.min(...own), Math.max(...own) + 1);
    assert.ok(!between.some((line) => isHeader(texts[line] ?? '')), `of two sections:\n${file}`);
    const isUnclear = doubts.includes(UNCLEAR);
    for (const name of isUnclear ? [] : [/base_url/i, /client_secret/i]) {
      const those = [...lineOf.values()]
        .filter((line) => between.includes(line) && name.test(texts[line] ?? ''))
        // Settings outside of sections belong to nothing; variables always belong to a group.
        .filter((line) => isVariable(line) || headerOf(line) !== undefined)
        .filter((line) => !isOfAnotherTool(line));
      assert.ok(those.length < 2, `one of several:\n${file}`);
    }
    return isUnclear ? 'unclear' : elsewhere.length > 0 ? 'elsewhere' : 'sure';
  }

  it("sends a secret to the URL written next to it, or says that it doesn't, for any file", () => {
    const name = fc.constantFrom('base_url', 'client_id', 'client_secret');
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(name, fc.constantFrom('=', ' = ', ': ', '=> ')) },
      {
        weight: 1,
        arbitrary: fc.tuple(
          name.map((name) => name.toUpperCase()),
          fc.constant('='),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(
          name.map((name) => `  ${name}`),
          fc.constant(' = '),
        ),
      },
      {
        weight: 2,
        arbitrary: fc.tuple(
          fc
            .tuple(fc.constantFrom('LOOKERSDK_', 'LOOKER_'), name)
            .map(([prefix, name]) => `export ${prefix}${name.toUpperCase()}`),
          fc.constant('='),
        ),
      },
      {
        weight: 2,
        arbitrary: fc.tuple(
          name.map((name) => `- name: LOOKERSDK_${name.toUpperCase()}`),
          fc.constantFrom(', value: ', ' value=', ' # '),
        ),
      },
    );
    const other = fc.constantFrom(
      ...[
        '[dev]',
        '[prod]',
        '[prod] ; live',
        '[ prod ]',
        '  [prod]',
        '[prod',
        '[prod] x',
        '[DEFAULT]',
        '[a.b]',
        '["prod"]',
      ],
      ...[
        '[[prod]]',
        '[]',
        '# [x]',
        '; base_url=https://x.example',
        '',
        '',
        'base_url',
        '[prod\u200b]',
        '__proto__=1',
      ],
    );
    const header = fc.constantFrom('', '[dev]', '[prod]', '[prod] ; live', '[us', '[DEFAULT]');
    // Sometimes half of the settings are elsewhere.
    const some = fc.shuffledSubarray(['base_url', 'client_id', 'client_secret'], { minLength: 1 });
    const every = fc.constant(['base_url', 'client_id', 'client_secret']);
    const group = fc
      .tuple(
        header,
        fc.constantFrom('', '', 'export LOOKERSDK_', 'export LOOKER_'),
        fc.oneof(some, every),
      )
      .map(([header, prefix, names]): (readonly [string, string?])[] => [
        [header],
        ...names.map((name): readonly [string, string] => [
          prefix === '' ? name : prefix + name.toUpperCase(),
          '=',
        ]),
      ]);
    const one = fc
      .oneof(
        line,
        other.map((text) => [text] as const),
      )
      .map((one) => [one]);
    const lines = fc.array(fc.oneof(one, group, group), { maxLength: 5 });
    const wrap = fc.constantFrom<(value: string) => string>(
      (value) => value,
      (value) => `"${value}"`,
      (value) => `${value} ; note`,
      (value) => `'${value}' # note`,
    );
    const environment: fc.Arbitrary<Record<string, string>> = fc.oneof(
      fc.constant({}),
      fc.record(
        {
          LOOKERSDK_BASE_URL: fc.constant('https://env.looker.com'),
          LOOKERSDK_CLIENT_ID: fc.constant('id-env'),
          LOOKERSDK_CLIENT_SECRET: fc.constant('secret-env'),
        },
        { requiredKeys: [] },
      ),
    );
    const offers = { sure: 0, elsewhere: 0, unclear: 0 };
    fc.assert(
      fc.property(lines, wrap, environment, (groups, wrap, env) => {
        const lineOf = new Map<string, number>();
        const texts = groups.flat().map(([key, is], index) => {
          if (is === undefined) return key;
          const value = /url/i.test(key) ? `https://h${index}.looker.com` : `half-${index}`;
          lineOf.set(value, index);
          return key + is + wrap(value);
        });
        for (const section of readIni(texts.join('\n'), env)) {
          if ('settings' in section) offers[checkOffer(section, { texts, lineOf, env })]++;
        }
      }),
      { numRuns: 10_000 },
    );
    assert.ok(Math.min(...Object.values(offers)) > 100, JSON.stringify(offers));
  });
});

/** Reads the same file with Looker Auth and with Looker's own SDK for Node. */
describe('Looker’s own SDK', () => {
  let folder: string;
  let file: string;
  const ownEnv = { ...process.env };
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'looker-ini-'));
    file = path.join(folder, 'looker.ini');
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    process.env = { ...ownEnv };
  });

  /** What the SDK would use; undefined if it gives up. */
  const readBySdk = (section: string) => {
    try {
      const settings = new NodeSettingsIniFile('LOOKERSDK', file, section);
      // At runtime a quoted number is a number, despite the types.
      const { client_id, client_secret } = settings.readConfig() as Record<string, string | number>;
      // The SDK accepts anything as half of a key.
      const looksLikeKey = [client_id, client_secret].every((half) =>
        /^[\w-]+$/.test(String(half)),
      );
      if (!client_id || !client_secret || !looksLikeKey) return undefined;
      return {
        baseUrl: parseBaseUrl(settings.base_url),
        apiKey: { clientId: String(client_id), clientSecret: String(client_secret) },
        verifySsl: settings.verify_ssl,
        // Its default of 120 seconds isn't from the file.
        timeout: settings.timeout > 0 && settings.timeout !== 120 ? settings.timeout : undefined,
      };
    } catch {
      return undefined;
    }
  };

  const quoted = (value: fc.Arbitrary<string>) =>
    fc
      .tuple(value, fc.constantFrom('', '"', "'", '`'))
      .map(([text, quote]) => quote + text + quote);
  const word = fc.stringMatching(/^[A-Za-z]{0,12}[1-9][A-Za-z0-9]{4,12}$/);
  const values = {
    base_url: quoted(
      fc.constantFrom(
        'https://a.looker.com',
        'https://b.looker.com:19999/',
        'http://localhost:9999',
      ),
    ),
    client_id: quoted(word),
    client_secret: quoted(
      fc.oneof(word, fc.constantFrom('a ;b', 'a #b', 'a\\;b', 'a=b', 'a b', 'a"b', 'a\\')),
    ),
    verify_ssl: quoted(
      fc.constantFrom('true', 'TRUE', 't', 'yes', 'y', '1', 'false', 'F', 'no', 'N', '0', 'maybe'),
    ),
    timeout: quoted(fc.constantFrom('1', '30', '300', '30s', 'soon', '-5', '0')),
  };
  const names = ['Looker', 'dev', 'prod eu'];
  const section = fc.record(values, { requiredKeys: [] });
  const comment = fc.constantFrom('', '; base_url=x', '# client_id=x', '  ');

  it('reads the same settings from the same files', () => {
    let usable = 0;
    fc.assert(
      fc.property(
        fc.array(section, { minLength: 1, maxLength: names.length }),
        comment,
        fc.constantFrom('=', ' = ', ' =', '= '),
        (sections, comment, is) => {
          const lines = sections.flatMap((values, index) => [
            `[${names[index] ?? ''}]`,
            comment,
            ...Object.entries(values).map(([name, value]) => name + is + value),
          ]);
          writeFileSync(file, lines.join('\n'));
          const read = readIni(lines.join('\n'), {});
          assert.equal(read.length, sections.length);
          for (const section of read) {
            const ours = 'settings' in section ? section.settings : undefined;
            assert.deepEqual(ours, readBySdk(section.name), section.name);
            if (ours) usable++;
          }
        },
      ),
      { numRuns: 1000, seed: 1 },
    );
    assert.ok(usable > 100, `${usable} sections can be used`);
  });
});
