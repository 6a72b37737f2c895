import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const noVscode = {
  name: 'vscode',
  message:
    'Only src/vscode/ and src/extension.ts know VS Code: declare the slice you need as a port.',
};
const noFetch = {
  name: 'node-fetch',
  message:
    'Take the Fetch port of src/looker/http.ts: only src/extension.ts knows which fetch it is.',
};

/** Calls go down, events come up: each layer may import itself and what lies below it. */
const layers = [
  {
    target: './src/looker',
    from: './src',
    except: ['./looker'],
    message: 'src/looker is the lowest layer: what Looker says. It knows nobody above it.',
  },
  {
    target: './src/accounts',
    from: './src',
    except: ['./accounts', './looker'],
    message: 'src/accounts is the middle layer: who is logged in. It may import src/looker alone.',
  },
  {
    target: './src/vscode',
    from: './src/extension.ts',
    message: 'src/extension.ts builds everything; nobody imports it.',
  },
  {
    target: './src',
    from: ['./test', './scripts'],
    message: 'Tests and scripts import the product, never the other way round.',
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones: layers }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/looker/**', 'src/accounts/**'],
    rules: { 'no-restricted-imports': ['error', { paths: [noVscode, noFetch] }] },
  },
  {
    files: ['src/vscode/**'],
    rules: { 'no-restricted-imports': ['error', { paths: [noFetch] }] },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', require: 'readonly', URL: 'readonly' },
    },
  },
  prettier,
);
