import { accountRoutes } from './account.routes.js';
import { fileRoutes } from './files.routes.js';
import { idempotencyRoutes } from './idempotency.routes.js';
import { jobRoutes } from './jobs.routes.js';
import { keyRoutes } from './keys.routes.js';
import { offerRoutes } from './offers.routes.js';
import type { ApiRoute } from './route.js';
import { faceRoutes } from './faces.routes.js';
import { pictureRoutes } from './pictures.routes.js';
import { uploadRoutes } from './uploads.routes.js';
import { serviceRoutes } from './service.routes.js';
import { trustRoutes } from './trust.routes.js';

export type { ApiRoute, Given, RouteAccess, RouteAnswer, RouteExample } from './route.js';
export { problemsOf } from './route.js';

/**
 * The whole public HTTP API, in the order of the reference. A gateway whose routes are not exactly
 * these does not start. How to add one: docs/api/README.md.
 */
export const apiRoutes: readonly ApiRoute[] = [
  ...jobRoutes,
  ...pictureRoutes,
  ...faceRoutes,
  ...uploadRoutes,
  ...fileRoutes,
  ...idempotencyRoutes,
  ...accountRoutes,
  ...keyRoutes,
  ...serviceRoutes,
  ...offerRoutes,
  ...trustRoutes,
];
