import { accountRoutes } from './account.routes.js';
import { catalogueRoutes } from './catalogue.routes.js';
import { deliveryRoutes } from './deliveries.routes.js';
import { fileRoutes } from './files.routes.js';
import { idempotencyRoutes } from './idempotency.routes.js';
import { imagesDialectRoutes } from './images-dialect.routes.js';
import { jobRoutes } from './jobs.routes.js';
import { keyRoutes } from './keys.routes.js';
import { novitaDialectRoutes } from './novita-dialect.routes.js';
import type { ApiRoute } from './route.js';
import { serviceRoutes } from './service.routes.js';
import { webhookRoutes } from './webhooks.routes.js';

export type { ApiRoute, Given, RouteAccess, RouteAnswer, RouteExample } from './route.js';
export { problemsOf, statusOf } from './route.js';

/**
 * The whole public HTTP API, in the order of the reference. A gateway whose routes are not exactly
 * these does not start. How to add one: docs/api/README.md.
 */
export const apiRoutes: readonly ApiRoute[] = [
  ...jobRoutes,
  ...fileRoutes,
  ...idempotencyRoutes,
  ...accountRoutes,
  ...keyRoutes,
  ...serviceRoutes,
  ...webhookRoutes,
  ...deliveryRoutes,
  ...catalogueRoutes,
  ...imagesDialectRoutes,
  ...novitaDialectRoutes,
];
