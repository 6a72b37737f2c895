import assert from 'node:assert/strict';
import fc from 'fast-check';
import { marked, type Token } from 'marked';
import { inertName, inertText } from '../../../../src/looker/inert';
import { tooltipMarkdown } from '../../../../src/vscode/statusBar/tooltipMarkdown';

const PIECES = [
  ...['*', '**', '_', '~~', '`', '#', '# ', '- ', '+ ', '1. ', '> ', '---', '===', '|', '\\'],
  ...[
    '[',
    '](command:lookerAuth.logout)',
    ')',
    '![',
    '<',
    '</',
    '&lt;',
    'https://a.b',
    '://',
    'WWW.',
    'www.',
    '$(check)',
  ],
  ...[' ', '  \n', '\n\n', '\u2028', 'Ada', 'a@b.c', 'علي', '…'],
];
const anything = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((all) => all.join(''));
const name = anything.map((text) => inertName(text) || 'Ada');
const message = anything.map((text) => `Looker says: ${inertText(text)}`);

/** As `appendText` of VS Code's `MarkdownString` does (`src/vs/base/common/htmlContent.ts` in microsoft/vscode). */
const escape = (text: string) =>
  text
    .replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&')
    .replace(/[ \t]/g, '&nbsp;')
    .replaceAll('>', '\\>')
    .replaceAll('\n', '\n\n');

describe('the tooltip as Markdown', () => {
  it('has the active account in bold, and a rule before the others and before the links', () => {
    const links = [{ label: 'Accounts…', command: 'showAccounts' }] as const;
    assert.equal(
      tooltipMarkdown(
        { heading: 'Ada', lines: ['Here'], others: ['Grace', 'Alan'], links },
        escape,
      ),
      '**Ada**  \nHere\n\n---\n\nGrace  \nAlan\n\n---\n\n[Accounts…](command:lookerAuth.showAccounts)',
    );
    assert.equal(
      tooltipMarkdown({ lines: [], others: [], links }, escape),
      '[Accounts…](command:lookerAuth.showAccounts)',
    );
  });

  it('has the same structure, whatever names people have', () => {
    const tooltip = fc.record({
      heading: name,
      lines: fc.array(fc.oneof(name, message), { minLength: 1, maxLength: 3 }),
      others: fc.array(name, { minLength: 1, maxLength: 3 }),
      links: name.map((name) => [
        { label: `Stop Acting as ${name}`, command: 'stopActingAs' } as const,
        { label: 'Accounts…', command: 'showAccounts' } as const,
      ]),
    });
    fc.assert(
      fc.property(tooltip, (tooltip) => {
        const blocks = marked.lexer(tooltipMarkdown(tooltip, escape), { gfm: true });
        const shape = blocks.flatMap((block) => kindsIn(block));
        const lines = (count: number) => Array<string>(count).fill('br');
        assert.deepEqual(shape, [
          ...['paragraph', 'strong', ...lines(tooltip.lines.length)],
          'hr',
          ...['paragraph', ...lines(tooltip.others.length - 1)],
          'hr',
          ...['paragraph', 'link command:lookerAuth.stopActingAs'],
          'link command:lookerAuth.showAccounts',
        ]);
      }),
      { numRuns: 500 },
    );
  });
});

/** The type and content of a token, without letters. */
function kindsIn(token: Token): readonly string[] {
  if (['text', 'escape', 'space'].includes(token.type)) return [];
  const inner = 'tokens' in token ? (token.tokens ?? []) : [];
  const kind = token.type === 'link' ? `link ${String(token.href)}` : token.type;
  return [kind, ...inner.flatMap(kindsIn)];
}
