/**
 * The one-way rules of the tree. The parser is swc because dependency-cruiser's TypeScript reader finds no
 * modules under TypeScript 7; `test/frame/check-boundaries.ts` guards against silently cruising nothing.
 */

/** Device folders in the order data flows; each may import only those before it. */
const flow = ['feeds', 'ledger', 'belief', 'exceptions', 'documents', 'sync', 'api'];

const upstream = flow.map((folder, at) => ({
  name: `device-${folder}-imports-only-upstream`,
  comment: `device/${folder} may import only ${flow.slice(0, at).join(', ') || 'nothing of device'} and protocol`,
  severity: 'error',
  from: { path: `^device/${folder}/` },
  to: { path: '^device/', pathNot: `^device/(${flow.slice(0, at + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'protocol-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^protocol/' },
      to: { path: '^(device|hub|apps|test)/' },
    },
    {
      name: 'device-and-hub-never-meet',
      severity: 'error',
      from: { path: '^device/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(hub|apps|test)/' },
    },
    {
      name: 'hub-and-device-never-meet',
      severity: 'error',
      from: { path: '^hub/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(device|apps|test)/' },
    },
    {
      name: 'screens-import-only-protocol',
      comment: 'screens talk to their server through its typed API, declared in protocol',
      severity: 'error',
      from: { path: '^apps/(kiosk|console|screens)/' },
      to: { path: '^(device|hub|apps/cli|test)/' },
    },
    {
      name: 'kiosk-and-console-never-meet',
      comment: 'what they share is in apps/screens, which knows neither',
      severity: 'error',
      from: { path: '^apps/(kiosk|console|screens)/' },
      to: { path: '^apps/(kiosk|console)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'screens-run-in-a-browser',
      comment: 'screens have no Node modules; the Electron main process lives in shell/',
      severity: 'error',
      from: { path: '^apps/((kiosk|console)/screens|screens)/' },
      to: { dependencyTypes: ['core'] },
    },
    ...upstream,
    {
      name: 'learning-enters-belief-by-its-doors',
      comment:
        'index.ts for what a belief answers, filter-steps.ts for the steps that derivatives are carried through, parameter-schema.ts for what crosses a border',
      severity: 'error',
      from: { path: '^device/learning/' },
      to: {
        path: '^device/',
        pathNot: '^device/(learning/|belief/(index|filter-steps|parameter-schema)\\.ts$)',
      },
    },
    {
      name: 'replay-starts-without-schemas',
      comment: 'their library takes longer to load than all of `truecount replay`',
      severity: 'error',
      from: {
        path: '^(device/belief/|apps/cli/commands/(replay|fold-file)\\.ts$)',
        pathNot: '(\\.test\\.ts|/parameter-schema\\.ts)$',
      },
      to: {
        path: '(^protocol/|node_modules/typebox/|/belief/parameter-schema\\.ts$)',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      name: 'filter-steps-are-for-learning',
      severity: 'error',
      from: { path: '^(device|hub|apps)/', pathNot: '^device/(learning|belief)/' },
      to: { path: '^device/belief/filter-steps\\.ts$' },
    },
    {
      name: 'learning-is-entered-by-its-door',
      comment: 'learning hangs on the side: only the agent and the command line know it',
      severity: 'error',
      from: { path: '^(device|hub|apps)/', pathNot: '^device/learning/' },
      to: { path: '^device/learning/', pathNot: '^device/learning/index\\.ts$' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
