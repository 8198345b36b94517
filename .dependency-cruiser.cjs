// Imports point one way: http → capabilities → access → store → model → fields/expression (docs/architecture.md).
const layers = [
  { name: 'expression', path: '^core/src/expression/', mayUse: [] },
  { name: 'fields', path: '^core/src/fields/', mayUse: ['expression'] },
  { name: 'model', path: '^core/src/model/', mayUse: ['expression', 'fields'] },
  { name: 'store', path: '^core/src/store/', mayUse: ['expression', 'fields', 'model'] },
  { name: 'access', path: '^core/src/access/', mayUse: ['expression', 'fields', 'model', 'store'] },
  {
    name: 'notify',
    path: '^core/src/notify/',
    mayUse: ['expression', 'fields', 'model', 'store', 'access'],
  },
  {
    name: 'workflow',
    path: '^core/src/workflow/',
    mayUse: ['expression', 'fields', 'model', 'store', 'access'],
  },
  {
    name: 'records',
    path: '^core/src/records/',
    mayUse: ['expression', 'fields', 'model', 'store', 'access', 'notify', 'workflow'],
  },
];
// The plugin API is types and a few pure functions: the records engine runs plugins' hooks against it.
const common = '^core/src/(errors|context|text)/|^core/src/plugin/api\\.ts$';
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...layers.map((layer) => ({
      name: `${layer.name}-points-down`,
      severity: 'error',
      from: { path: layer.path },
      to: {
        path: '^core/src/',
        pathNot: [
          layer.path,
          common,
          ...layers.filter((l) => layer.mayUse.includes(l.name)).map((l) => l.path),
        ],
      },
    })),
    {
      name: 'only-http-knows-koa',
      severity: 'error',
      from: { path: '^core/src/', pathNot: '^core/src/(http|cli|plugin|testing)/' },
      to: { path: 'node_modules/(koa|@koa)/' },
    },
    {
      name: 'plugins-use-the-public-api',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: '^core/src/', pathNot: '^core/src/(plugin/api|testing/index)\\.ts$' },
    },
    {
      name: 'core-knows-no-plugin',
      severity: 'error',
      from: { path: '^core/src/' },
      to: { path: '^(plugins|metadata|admin-ui)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(\\.test\\.ts|/test-[a-z-]+\\.ts)$' },
    tsConfig: { fileName: 'core/tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
