/** The floors of the front end: who may import whom. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-ipc-speaks-to-tauri',
      severity: 'error',
      from: { pathNot: '^src/ipc/' },
      to: { path: '@tauri-apps' },
    },
    {
      name: 'only-ipc-knows-the-bindings',
      comment: 'Everybody else takes types and the client from src/ipc (index.ts).',
      severity: 'error',
      from: { pathNot: '^src/ipc/' },
      to: { path: '^src/ipc/(?!index\\.ts$|fake/|connect\\.ts$)' },
    },
    {
      name: 'the-fake-is-for-tests-and-the-fake-build',
      severity: 'error',
      from: { pathNot: '(^src/ipc/connect\\.ts$|^src/ipc/fake/|\\.test\\.tsx?$|^src/test/)' },
      to: { path: '^src/ipc/fake/' },
    },
    {
      name: 'places-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/places/([^/]+)/' },
      to: { path: '^src/places/', pathNot: '^src/places/$1/' },
    },
    {
      name: 'places-do-not-know-the-shell',
      severity: 'error',
      from: { path: '^src/(places|parts)/' },
      to: { path: '^src/shell/' },
    },
    {
      name: 'parts-do-not-know-the-places',
      severity: 'error',
      from: { path: '^src/parts/' },
      to: { path: '^src/places/' },
    },
    {
      name: 'kit-knows-nothing-of-the-app',
      severity: 'error',
      from: { path: '^src/kit/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^src/', pathNot: '^src/kit/' },
    },
    {
      name: 'the-gallery-is-for-the-fake-build',
      severity: 'error',
      from: { pathNot: '^src/(gallery/|main\\.tsx$)' },
      to: { path: '^src/gallery/' },
    },
    {
      name: 'the-gallery-shows-the-kit-only',
      severity: 'error',
      from: { path: '^src/gallery/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^src/', pathNot: '^src/(gallery|kit)/' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(src|node_modules)/', pathNot: '^src/(domain|ipc/index\\.ts)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'queries-draw-nothing',
      severity: 'error',
      from: { path: '^src/queries/' },
      to: { path: '^src/(kit|parts|places|shell)/' },
    },
    {
      name: 'no-dev-dependency-in-the-window',
      severity: 'error',
      from: { path: '^src/', pathNot: '(\\.test\\.tsx?$|^src/test/)' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(src/messages/compiled)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
