// The import rule of the layers (docs/architecture.md), as data: who may import whom.

const CORE_OF_VALUES = '^(node:)?(crypto|zlib|buffer|util|url|querystring)$';

/**
 * Each layer with the only places it may import from. Patterns match paths from the root; an npm
 * package is written as the folder it lives in, a part of Node by its bare name.
 */
const LAYERS = {
  domain: { from: '^lib/domain/', to: ['^lib/domain/'] },
  ports: { from: '^lib/ports/', to: ['^lib/(ports|domain)/'] },
  app: { from: '^lib/app/', to: ['^lib/(app|ports|domain)/', CORE_OF_VALUES] },
  codec: {
    from: '^lib/codec/',
    to: ['^lib/(codec|domain)/', npm('zod'), npm('yaml'), CORE_OF_VALUES],
  },
  adapters: {
    from: '^lib/adapters/',
    to: ['^lib/(adapters|ports|domain|codec)/', '^node_modules/', isNodeItself()],
  },
  wire: {
    from: '^lib/wire/',
    to: ['^lib/(wire|app|ports|domain|codec|adapters|console)/', '^node_modules/', isNodeItself()],
  },
  console: { from: '^lib/console/', to: ['^lib/(console|app|codec|domain)/', CORE_OF_VALUES] },
  functions: {
    from: '^functions/',
    to: ['^functions/', '^lib/(wire|app|codec|console|domain)/', npm('@types/aws-lambda')],
  },
  infra: {
    from: '^lib/infra/',
    to: [
      '^lib/infra/',
      npm('aws-cdk-lib'),
      npm('constructs'),
      npm('cdk-nag'),
      npm('esbuild'),
      isNodeItself(),
    ],
  },
  local: {
    from: '^lib/local/',
    to: [
      '^lib/(local|wire|infra|console|codec|ports|domain)/',
      // Both talk to the person at the terminal, in the same colours.
      '^lib/cli/terminal\\.ts$',
      '^functions/',
      isNodeItself(),
    ],
  },
  cli: { from: '^lib/cli/', to: ['^lib/(cli|codec|domain)/', isNodeItself()] },
  bin: { from: '^bin/', to: ['^bin/', '^lib/', '^node_modules/', isNodeItself()] },
  tools: {
    from: '^[.]ci/',
    to: ['^[.]ci/', '^\\.dependency-cruiser\\.cjs$', '^node_modules/', isNodeItself()],
  },
};

function npm(name) {
  return `^node_modules/${name.replaceAll('.', '\\.')}/`;
}

function isNodeItself() {
  // A file of ours has an extension, hence a dot, in its path.
  return '^(node:)?[a-z0-9_/]+$';
}

const layerRules = Object.entries(LAYERS).map(([name, { from, to }]) => ({
  name: `layer-${name}`,
  comment: `${name} may import only ${to.join('  ')}`,
  severity: 'error',
  from: { path: from },
  // What is not there has no place in any layer; the rule `resolvable` tells of it.
  to: { pathNot: to, couldNotResolve: false },
}));

/** Run by something other than an import: a command, Lambda, a worker thread, the test runner. */
const ENTRY_POINTS = [
  // The bundler puts it in the place of a package.
  '^lib/adapters/pagerduty/cross-fetch\\.ts$',
  '^bin/[^/]+$',
  '^functions/[^/]+/handler\\.ts$',
  '^lib/local/.*-worker\\.ts$',
  '^test/.*\\.test\\.ts$',
  '^test/(sim|bench|fixtures)/[^/]+\\.ts$',
  '^test/e2e/programs/preflight\\.ts$',
  '^[.]ci/[^/]+\\.ts$',
  '\\.d\\.ts$',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'no-cycles',
      comment: 'Modules that import each other cannot be understood, or tested, one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file and nothing runs it: it is dead.',
      severity: 'error',
      from: { orphan: true, pathNot: ENTRY_POINTS },
      to: {},
    },
    {
      name: 'no-dead-code',
      comment: 'No command, handler or worker leads here: only tests, or other dead files, use it.',
      severity: 'error',
      from: { path: ENTRY_POINTS, pathNot: '^test/' },
      // The memory adapters are what the simulator and the scenarios run on.
      to: {
        path: '^(bin|functions|lib|tools)/',
        pathNot: [...ENTRY_POINTS, '^lib/adapters/memory/'],
        reachable: false,
      },
    },
    {
      name: 'adapters-apart',
      comment: 'One technology per folder; what two adapters share belongs in ports or codec.',
      severity: 'error',
      from: { path: '^lib/adapters/([^/]+)/' },
      to: { path: '^lib/adapters/', pathNot: '^lib/adapters/$1/' },
    },
    {
      name: 'handlers-apart',
      comment: 'Each function is deployed alone.',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/[^/]+/handler', pathNot: '^functions/$1/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'What ships must not depend on what tests it.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'resolvable',
      comment: 'The imported file or package is not there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'The package is not in package.json: it is here only because another one needs it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'shipped-dependencies',
      comment: 'What runs in production may use devDependencies only for their types.',
      severity: 'error',
      from: { path: '^(lib|functions)/', pathNot: '^lib/infra/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^(cdk\\.out|dist|coverage|\\.tocsin)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
