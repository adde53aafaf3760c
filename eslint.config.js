import tseslint from 'typescript-eslint';

const DETERMINISTIC = ['lib/domain/**', 'lib/ports/**', 'lib/app/**', 'lib/codec/**'];
const DETERMINISTIC_TESTS = ['unit', 'property', 'scenario', 'sim'].map(
  (kind) => `test/${kind}/**`,
);

/** Places where the wall clock and randomness enter; everything else is handed them by a port. */
const MAY_READ_CLOCK = [
  'lib/adapters/system/**',
  'lib/local/**',
  'bin/launch/**',
  'test/{contract,infra,e2e,bench}/**',
];
const MAY_READ_ENV = ['lib/wire/**', 'lib/local/**', 'bin/**', '.ci/**', 'test/**'];

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Export by name: a name is what a reader searches for.',
};

const NO_CLOCK = [
  ['NewExpression[callee.name="Date"][arguments.length=0]', 'new Date()'],
  ['CallExpression[callee.name="Date"]', 'Date()'],
  ['MemberExpression[object.name="Date"][property.name="now"]', 'Date.now'],
  ['MemberExpression[object.name="performance"][property.name="now"]', 'performance.now'],
  ['MemberExpression[object.name="process"][property.name="hrtime"]', 'process.hrtime'],
].map(([selector, what]) => ({
  selector,
  message: `${what} reads the wall clock. Take the instant as a value, or from the Clock port.`,
}));

const RANDOM_NAMES =
  '/^(randomUUID|randomUUIDv7|randomBytes|randomInt|randomFill|randomFillSync|getRandomValues)$/';
const NO_RANDOM = [
  'MemberExpression[object.name="Math"][property.name="random"]',
  `MemberExpression[property.name=${RANDOM_NAMES}]`,
  `ImportSpecifier[imported.name=${RANDOM_NAMES}]`,
].map((selector) => ({
  selector,
  message: 'Randomness cannot be replayed. Take it from the Ids or Rng port.',
}));

const NO_ENV = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message:
    'Only lib/wire, lib/local, bin and tests read the environment. Take a setting as a value.',
};

const NO_TIMER = [
  {
    selector: 'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate)$/]',
    message:
      'A timer is a hidden clock. Return the instant at which to go on, or use the Clock port.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?timers/]',
    message:
      'A timer is a hidden clock. Return the instant at which to go on, or use the Clock port.',
  },
];

/** `no-restricted-syntax` does not add up over several blocks: each block states its whole list. */
const restrict = (files, ignores, ...rules) => ({
  files,
  ignores,
  rules: { 'no-restricted-syntax': ['error', ...rules.flat()] },
});

const TYPESCRIPT = ['**/*.ts', '**/*.mjs'];

export default tseslint.config(
  {
    ignores: ['node_modules/', '.tocsin/', '.tocsin-install/', 'cdk.out/', 'dist/', 'coverage/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      // tsc's noPropertyAccessFromIndexSignature decides; the two must not contradict each other.
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-param-reassign': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      // An exhaustive switch counts as one decision: it is a table, however many kinds there are.
      complexity: ['error', { max: 8, variant: 'modified' }],
      'max-depth': ['error', 3],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 50 }],
      'max-params': ['error', 3],
    },
  },
  {
    // The linter cannot see a cast written in JSDoc; tsc can, and checks these files.
    files: ['**/*.mjs'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // A describe block is as long as its table; a test tells a story from top to bottom.
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': 'off',
      // The columns of a table arrive as parameters.
      'max-params': ['error', 6],
      'no-console': 'off',
    },
  },
  {
    // An oracle states a rule in one place, and looks only at the events that the rule is about.
    files: ['test/sim/**/*.ts'],
    rules: {
      complexity: ['error', 16],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  restrict(TYPESCRIPT, [], NO_DEFAULT_EXPORT, NO_CLOCK, NO_RANDOM, NO_ENV),
  restrict(DETERMINISTIC, [], NO_DEFAULT_EXPORT, NO_CLOCK, NO_RANDOM, NO_ENV, NO_TIMER),
  restrict(MAY_READ_ENV, MAY_READ_CLOCK, NO_DEFAULT_EXPORT, NO_CLOCK, NO_RANDOM),
  restrict(DETERMINISTIC_TESTS, [], NO_DEFAULT_EXPORT, NO_CLOCK, NO_RANDOM),
  restrict(MAY_READ_CLOCK, MAY_READ_ENV, NO_DEFAULT_EXPORT, NO_ENV),
  restrict(
    ['lib/local/**', 'bin/launch/**', 'test/{contract,infra,e2e,bench}/**'],
    [],
    NO_DEFAULT_EXPORT,
  ),
  {
    files: ['vitest.config.ts', 'vitest.e2e.config.ts', 'vitest.cluster.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
