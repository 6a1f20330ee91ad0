import { accountRoutes } from './account.routes.js';
import { catalogueRoutes } from './catalogue.routes.js';
import { deliveryRoutes } from './deliveries.routes.js';
import { fileRoutes } from './files.routes.js';
import { idempotencyRoutes } from './idempotency.routes.js';
import { imagesDialectRoutes } from './images-dialect.routes.js';
import { jobRoutes } from './jobs.routes.js';
import { keyRoutes } from './keys.routes.js';
import { ledgerRoutes } from './ledger.routes.js';
import { offerRoutes } from './offers.routes.js';
import { novitaDialectRoutes } from './novita-dialect.routes.js';
import { budgetRoutes } from './budgets.routes.js';
import type { ApiRoute } from './route.js';
import { faceRoutes } from './faces.routes.js';
import { pictureRoutes } from './pictures.routes.js';
import { uploadRoutes } from './uploads.routes.js';
import { serviceRoutes } from './service.routes.js';
import { statementRoutes } from './statements.routes.js';
import { paymentRoutes, topUpRoutes } from './top-ups.routes.js';
import { trustRoutes } from './trust.routes.js';
import { webhookRoutes } from './webhooks.routes.js';

export type { ApiRoute, Given, RouteAccess, RouteAnswer, RouteExample } from './route.js';
export { problemsOf, statusOf } from './route.js';

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
  ...statementRoutes,
  ...ledgerRoutes,
  ...budgetRoutes,
  ...topUpRoutes,
  ...paymentRoutes,
  ...keyRoutes,
  ...serviceRoutes,
  ...offerRoutes,
  ...trustRoutes,
  ...webhookRoutes,
  ...deliveryRoutes,
  ...catalogueRoutes,
  ...imagesDialectRoutes,
  ...novitaDialectRoutes,
];
