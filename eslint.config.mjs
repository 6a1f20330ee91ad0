import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** `process.env` is read in one file per service; everything else gets typed configuration. */
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment in config.ts or main.ts only.',
};
/** Amounts are bigint micro-credits: a float anywhere near them loses money silently. */
const noNumberOfMicros = {
  selector: "CallExpression[callee.name='Number'] > Identifier[name=/Micros$/]",
  message: 'Amounts stay bigint.',
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.safelight/', '.turbo/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // Nest's modules are empty classes whose decorators say everything.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Numbers and bigints read well in messages.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `return void` shorthand in arrow callbacks is clearer than braces around one call.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Nest types its bags of options as classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Interfaces of ports are async even where one adapter happens not to wait.
      '@typescript-eslint/require-await': 'off',
      'no-restricted-syntax': ['error', noEnvironment, noNumberOfMicros],
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', { max: 6 }],
    },
  },
  {
    files: [
      '**/config.ts',
      '**/main.ts',
      '**/*.test.ts',
      '**/test/**/*.ts',
      'packages/telemetry/src/service.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', noNumberOfMicros] },
  },
  {
    // A describe block is one function; expect() takes unbound methods, and a test looks into
    // documents of many shapes.
    files: ['**/*.test.ts', '**/test/**/*.ts', 'packages/testing/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
