export { startWebhooks, webhookService, type WebhookSurroundings } from './service.js';
export { createWebhookKey } from './signing/webhook-key.js';
