// The direction of the architecture as errors. Who may see whom is told once, in the table below;
// everything that is not in the table is forbidden.
const sees = {
  core: [],
  wire: ['core'],
  contract: ['core/money'],
  app: ['core'],
  store: ['app/ports', 'core'],
  providers: ['app/ports', 'wire', 'core'],
  gateway: ['app', 'wire', 'core'],
  api: ['app', 'contract', 'core'],
  jobs: ['app', 'core'],
  sandbox: ['wire', 'core'],
  cli: ['contract', 'core'],
};

const wires = ['anthropic-messages', 'openai-chat', 'openai-responses', 'openai-embeddings', 'gemini'];

// vitest and fast-check are for the tests beside the rules, and tests may read fixtures with node:.
const test = '\\.test\\.ts$';

const layers = Object.entries(sees).map(([layer, others]) => ({
  name: `${layer}-sees-only-${others.join('-').replaceAll('/', '-') || 'itself'}`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: [`^src/${layer}/`, ...others.map((other) => `^src/${other}[./]`)] },
}));

const strangers = wires.map((wire) => ({
  name: `wire-${wire}-is-a-stranger-to-the-others`,
  severity: 'error',
  from: { path: `^src/wire/${wire}/` },
  to: { path: '^src/wire/', pathNot: [`^src/wire/${wire}/`, '^src/wire/framing/'] },
}));

export default {
  forbidden: [
    ...layers,
    ...strangers,
    {
      name: 'pure-layers-take-no-package-and-no-node',
      severity: 'error',
      from: { path: '^src/(core|wire)/', pathNot: test },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'nobody-sees-main-or-config',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(main|serve)\\.ts$', '^src/config\\.test\\.ts$'] },
      to: { path: '^src/(main|serve|config)\\.ts$' },
    },
    {
      name: 'product-does-not-see-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { path: ['^test/', test] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: [test, '^src/main\\.ts$'] },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'product-takes-no-dev-dependency',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Our own builds only: packages live in their dist/ too, and must be seen.
    exclude: { path: '^(web/)?dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
