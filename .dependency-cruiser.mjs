/**
 * Imports point one way (docs/architecture.md): apps import packages, never another app;
 * `standalone` and `ops` alone join the apps, and only through their root modules.
 */
const leafPackages =
  'event-sourcing|contracts|config|telemetry|object-store|local-servers|egress|image-intake|film|perceptual-hash|provenance|sdk';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-app-imports-another-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/(standalone|ops)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'standalone-and-ops-see-root-modules-only',
      severity: 'error',
      from: { path: '^apps/(standalone|ops)/' },
      to: {
        path: '^apps/([^/]+)/(src|dist)/(?!(bench/)?index\\.)',
        pathNot: '^apps/$1/',
      },
    },
    {
      name: 'benches-are-seen-by-benches-only',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/[^/]+/(src|dist)/bench/' },
      to: { path: '^apps/(?!$1/)[^/]+/(src|dist)/bench/' },
    },
    {
      name: 'no-package-imports-an-app',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'packages-are-entered-by-the-front-door',
      severity: 'error',
      from: { path: '^(?:packages|apps)/([^/]+)/' },
      to: { path: '^packages/([^/]+)/(src|dist)/(?!index\\.)', pathNot: '^packages/$1/' },
    },
    {
      name: 'leaf-packages-import-no-safelight-package',
      severity: 'error',
      from: { path: `^packages/(${leafPackages})/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/([^/]+)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'store-and-bus-never-meet',
      comment:
        'The app joins them, so that a worker can speak NATS without dragging in a database.',
      severity: 'error',
      from: { path: '^packages/event-store/' },
      to: { path: '^packages/messaging/' },
    },
    {
      name: 'bus-and-store-never-meet',
      severity: 'error',
      from: { path: '^packages/messaging/' },
      to: { path: '^packages/(event-store|postgres)/' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: {
        path: '^(packages|apps)/',
        pathNot: '\\.test\\.ts$|/test/|^packages/testing/|/bench/',
      },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'an-aggregate-imports-event-sourcing-alone',
      severity: 'error',
      from: {
        path: '^apps/(job-orchestrator/src/job/job|gpu-dispatch/src/assignment/assignment)\\.ts$',
      },
      to: { pathNot: '^packages/event-sourcing/' },
    },
    {
      name: 'a-worker-has-no-database',
      severity: 'error',
      from: { path: '^apps/gpu-worker/' },
      to: { path: '^(packages/(postgres|event-store)/|node_modules/(pg|kysely|typeorm)/)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    exclude: { path: '(/dist/.*\\.test\\.|node_modules/(?!@safelight))' },
    doNotFollow: { path: 'node_modules|/dist/' },
    includeOnly: '^(apps|packages)/',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
