// Rules for every sentence that users read, in every language: one word for one thing, short, in the active voice.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/buildExtension';
import { Source } from '../support/source';

type Texts = Readonly<Record<string, string>>;

/** Patterns that no language may contain, with the reason or the replacement. */
const NEVER: readonly [RegExp, string][] = [
  [/!(?!\[)/, 'no exclamation marks'],
  [/\.\.\./, 'the ellipsis is one character: …'],
  [/[‘’“”]/, 'quotes and apostrophes are straight'],
  [/\bHTTP (\{|\d)/, 'a status belongs in the log and in reports: see ExpectedError.detail'],
  [/\b[A-Z]{2,} [A-Z]{2,} [A-Z]{2,}/, 'no shouting'],
  [/(?<![\w.:-])https?\b(?!:|\.\w)/, 'HTTP, HTTPS'],
  [
    /\{\d+\} (more |mais )?(s|ms|min|sec|h|MB|KB|(milli)?seconds?|minut[eo]s?|hours?|horas?|days?|dias?|accounts?|contas?|steps?|etapas?|keys?|chaves?|users?|usuários?)(?![\w-])/i,
    'format a number and its unit with Intl (src/looker/numbers.ts), and count nothing else, so that no language needs plurals',
  ],
  [/\((e?s)\)/, 'no plural in parentheses'],
];

/** The same for each language. */
const NEVER_IN: Readonly<Record<string, readonly [RegExp, string][]>> = {
  en: [
    [/\bwhom\b/i, 'who, or another sentence'],
    [/\b(no|some|any|every)body\b/i, 'you, users, your Looker admin'],
    [/\bwho(so)?ever\b/i, 'your Looker admin, anyone who'],
    [/\b(is|are|was|were|be|not) (told|said)\b/i, 'active voice'],
    [/\b(is|are) to be\b/i, 'active voice'],
    [/\b(all that|by itself|other one)\b/i, 'everything, automatically, another'],
    [/\bwhere (that|it|there|none|nothing|the system)\b/i, 'if'],
    [
      /\blog-?ins?-|\blog-in\b|\bsign(ed)?[ -](in|out)\b(?! using)/i,
      'log in, log out; login, logout',
    ],
    [/\bgood (for|until)\b|\b(token|key)s? ends?\b/i, 'valid for, expires'],
    [/\b(keep|keeps|kept)\b/i, 'save, saved'],
    [/\b(answer|repl(y|ie))(s|ed|d)?\b/i, 'respond, response'],
    [/\basks? for patience\b|\bis busy\b/i, 'is rate-limiting requests'],
    [/\bends? (the|its) token\b|\btell(s|ing)? Looker\b/i, 'revoke'],
    [/\bthe secret storage of VS Code\b/i, "VS Code's secret storage"],
    [/\bkey pair\b|\bhalves\b/i, 'API key, or client ID and client secret'],
    [/\b(client|user) id\b|\bids?\b/, 'ID'],
    [/\be-mail\b/i, 'email'],
    [/\bthis one goes\b|\bgo(es|ing)? on\b/i, 'continue'],
    [/\b(a|an|your|their) Looker(?= ?[.,:;)]|$)/, 'instance'],
    [/\bcannot\b/i, "can't"],
    [/\b(do|does|did|is|are|was|has|have|could|would) not\b/i, 'contractions, as VS Code has them'],
    [/\b(broke|breaks?) off\b/i, 'was closed'],
    [/\btick(ed)?\b/i, 'select'],
  ],
  'pt-br': [
    [
      /\bID do cliente\b|\bsegredos? do cliente\b/i,
      'client ID, client secret, as in Looker in Portuguese',
    ],
    [/\barmazenamento secreto\b/i, 'armazenamento de segredos'],
    [/\bguard(ar|a|ada|ado|adas|ados|á-\w+)\b/i, 'salvar'],
    [/\bsolicitaç(ão|ões)\b/i, 'requisição'],
    [/\bquem administra\b/i, 'seu administrador do Looker'],
    [/\bmáquinas?\b/i, 'computador'],
    [/\bids?\b/, 'ID'],
  ],
};

/** Limits for words in a sentence, and for sentences. Portuguese needs a quarter more words. */
const LONGEST_SENTENCE: Readonly<Record<string, number>> = { en: 20, 'pt-br': 25 };
const MOST_SENTENCES = 2;

/**
 * Beginnings of texts that may be longer, since users have time to read them: details of dialogs, texts that a button
 * copies, and texts in a terminal. So may descriptions of settings, and the walkthrough, which has its own limit.
 */
const LONGER = [
  'All users on {0} can then log in from VS Code',
  'Compare the fingerprint with the one your Looker admin',
  "I'd like to log in to Looker ({0}) from VS Code",
  '3. On an instance that Google hosts',
  'Issued to: {0}',
  'Plain HTTP: everyone on the network',
  'CA file: anyone with the key',
  'Terminals in this window run on another machine',
  'Until the token expires or you log out, anyone',
  "This terminal is logged in to Looker as {0}. Looker's SDKs",
  "The language model gets each account's name",
  'This comes from the setting "lookerAuth.instances"',
];
const LONGER_KEYS = /^setting\.|^walkthrough\./;

/** Words that stay lowercase in title case. */
const SMALL = /^(a|an|and|as|at|by|for|from|in|of|on|or|the|to|until|with)$/;

const LANGUAGES: readonly string[] = [
  'en',
  ...readdirSync(path.join(ROOT, 'l10n')).flatMap(
    (file) => /^bundle\.l10n\.(.+)\.json$/.exec(file)?.[1] ?? [],
  ),
];

describe('the vocabulary', () => {
  for (const language of LANGUAGES) {
    describe(`of ${language}`, () => {
      const texts = textsOf(language);

      it('has one word for one thing, and no forbidden words', () => {
        assert.ok(Object.keys(texts).length > 400);
        assert.deepEqual(offenses(texts, language), []);
      });

      it('has at most two short sentences per text', () => {
        const long = Object.entries(texts).flatMap(([key, text]) =>
          isLonger(key) ? [] : tooLong(text, LONGEST_SENTENCE[language] ?? 20),
        );
        assert.deepEqual(long, []);
      });
    });
  }

  it('finds forbidden words, and sentences that are too long', () => {
    for (const text of [
      'Nobody is logged in.',
      'Your key is kept.',
      '{0} is busy (HTTP 429).',
      'Looker does not answer!',
      'Log out of {0} accounts?',
      'It’s done...',
      'Use https.',
      'User id 7',
    ]) {
      assert.notDeepEqual(offenses({ text }, 'en'), [], text);
    }
    assert.deepEqual(tooLong('One. Two. Three.', 20).length, 1);
    assert.deepEqual(tooLong(`${'word '.repeat(20)}more.`, 20).length, 1);
    assert.deepEqual(tooLong('{0} is here. Look.', 20), []);
  });

  it('writes each label the same way everywhere', () => {
    for (const language of LANGUAGES) {
      const spellings = new Map<string, Set<string>>();
      const labels = Object.entries(textsOf(language)).filter(
        ([key]) => !key.startsWith('walkthrough.'),
      );
      for (const text of labels.map(([, label]) => bare(label)).filter(isLabel)) {
        const same = spellings.get(text.toLowerCase()) ?? new Set();
        spellings.set(text.toLowerCase(), same.add(text));
      }
      const odd = [...spellings.values()].filter(({ size }) => size > 1).map((set) => [...set]);
      assert.deepEqual(odd, []);
    }
  });

  it('writes the titles of commands in title case', () => {
    const titles = Object.entries(textsOf('en')).filter(([key]) => /^command\..*title$/.test(key));
    assert.ok(titles.length > 10);
    assert.deepEqual(
      titles.map(([, title]) => title).filter((title) => !isTitleCase(bare(title))),
      [],
    );
  });

  describe('in the code', () => {
    before(function () {
      this.timeout(60_000); // it reads all of src
      assert.ok(Source.product);
    });

    it('assembles no sentence from pieces', () => {
      const glued = Source.product.all(ts.isTemplateExpression).filter(isGlued);
      assert.deepEqual(
        glued.map((node) => node.getText()),
        [],
      );
    });

    it('inserts no translation into another translation', () => {
      const given = Source.product
        .all(ts.isCallExpression)
        .filter((call) => isTranslation(call) && call.arguments.slice(1).some(hasTranslation));
      assert.deepEqual(
        given.map((node) => node.getText()),
        [],
      );
    });
  });
});

/** All texts of a language. Their keys are the English sentences, and the manifest's keys. */
function textsOf(language: string): Texts {
  const bundle = read(`l10n/bundle.l10n.${language === 'en' ? 'pt-br' : language}.json`);
  const manifest = read(language === 'en' ? 'package.nls.json' : `package.nls.${language}.json`);
  const sentences = Object.entries(bundle)
    // These keys name languages, and aren't sentences.
    .filter(([key]) => !key.startsWith('en/'))
    .map(([key, value]) => [key, language === 'en' ? key : value]);
  return { ...(Object.fromEntries(sentences) as Texts), ...manifest };
}

function read(file: string): Texts {
  return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as Texts;
}

/** Texts with forbidden patterns, with the reasons. */
function offenses(texts: Texts, language: string): readonly string[] {
  const rules = [...NEVER, ...(NEVER_IN[language] ?? [])];
  return Object.values(texts).flatMap((text) =>
    rules
      .filter(([words]) => words.test(inWords(text)))
      .map(([, instead]) => `${text} -> ${instead}`),
  );
}

/** The text without code, link targets, scopes and names of settings. */
function inWords(text: string): string {
  return text.replace(/```.*?```|\(command:[^)]*\)|"[^"]*"|\$\([\w~-]+\)/gs, '');
}

function isLonger(key: string): boolean {
  return LONGER_KEYS.test(key) || LONGER.some((beginning) => key.startsWith(beginning));
}

/** Why a text is too long. */
function tooLong(text: string, mostWords: number): readonly string[] {
  // A button in the walkthrough is a separate line.
  const sentences = text.replace(/\n\[.*?\)/g, '').split(/(?<=[.?:])\s+(?=[\p{Lu}{"$[])/u);
  return [
    ...(sentences.filter((each) => /[.?]$/.test(each)).length > MOST_SENTENCES
      ? [`more than ${MOST_SENTENCES} sentences: ${text}`]
      : []),
    ...sentences
      .filter((sentence) => sentence.split(/\s+/).length > mostWords)
      .map((sentence) => `more than ${mostWords} words: ${sentence}`),
  ];
}

/** A label without its icon and its ellipsis. */
function bare(text: string): string {
  return text.replace(/^\$\([\w~-]+\) /, '').replace(/…$/, '');
}

/** Other short texts, such as the state of an account, start in lowercase. */
function isLabel(text: string): boolean {
  return /^\p{Lu}/u.test(text);
}

function isTitleCase(text: string): boolean {
  return text
    .split(/\s+/)
    .every(
      (word, index) =>
        (index > 0 && SMALL.test(word)) || !/^\p{Ll}/u.test(word) || word.includes('.'),
    );
}

function isTranslation(node: ts.Node): boolean {
  return ts.isCallExpression(node) && node.expression.getText() === 'l10n.t';
}

function hasTranslation(node: ts.Node): boolean {
  return isTranslation(node) || (ts.forEachChild(node, hasTranslation) ?? false);
}

/** Whether a template has words or values next to a translation on the same line. Icons and Markdown are allowed. */
function isGlued(template: ts.TemplateExpression): boolean {
  const { head, templateSpans } = template;
  return templateSpans.some(({ expression }, index) => {
    if (!hasTranslation(expression)) return false;
    const before = index === 0 ? head.text : (templateSpans[index - 1]?.literal.text ?? '');
    const after = templateSpans[index]?.literal.text ?? '';
    const isLineStart =
      /(^|\n)([#*\-\s]|\$\([\w~-]*\) ?)*$/.test(before) && (index === 0 || before.includes('\n'));
    const isAfterIcon = /^ $/.test(before) && index === 1 && head.text === '';
    const isLineEnd = /^[*\s]*(\r?\n|$)/.test(after);
    return !((isLineStart || isAfterIcon) && isLineEnd);
  });
}
