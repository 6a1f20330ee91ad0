import { createEgress, type Egress } from '@safelight/egress';
import { startWebhooks } from '@safelight/webhook-sender';

/**
 * A webhook sender for which https://hooks.example.com is a plain server on a port of this machine,
 * named by RECEIVER_PORT. The product's own program has no such way in: this one is composed here.
 */
const port = process.env['RECEIVER_PORT'] ?? '';
const open = createEgress({
  receivers: [`127.0.0.1:${port}`],
  resolve: async () => ['127.0.0.1'],
});
const here = (url: string) =>
  url.replace('https://hooks.example.com', `http://hooks.example.com:${port}`);
const egress: Egress = {
  fetch: (url, request) => open.fetch(here(url), request),
  check: (url, request) => open.check(here(url), request),
};

const service = await startWebhooks(process.env, {}, { egress });
process.once('SIGTERM', () => void service.close().then(() => process.exit(0)));
