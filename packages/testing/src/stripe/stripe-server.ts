import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { readForm } from './form.js';
import {
  intentObject,
  newIntent,
  newRefund,
  newSession,
  paymentOf,
  stripeId,
  type StripeObject,
} from './objects.js';
import { StripeRefusal } from './refusal.js';

/** A webhook as it is posted: the bytes, and the header that signs them. */
export interface SignedEvent {
  readonly id: string;
  readonly body: string;
  readonly signature: string;
}

/** What is to go wrong with the next request. */
export type Fault = 'hang up first' | 'hang up after' | 'unavailable';

interface Kept {
  readonly request: string;
  readonly status: number;
  readonly body: string;
}

const KEY_MAX = 255;

/**
 * Stripe's API as far as anybody here calls it: forms as its library sends them, keys and versions
 * checked, unknown parameters refused, idempotency keys kept. Nothing outside is reached. Webhooks
 * are signed by the library itself.
 */
export class StripeServer {
  readonly secretKey = 'sk_test_0123456789abcdef';
  readonly webhookSecret = 'whsec_0123456789abcdef0123456789abcdef';
  /** Everything that was made, by id. */
  readonly made = new Map<string, StripeObject>();
  /** `METHOD /path` of every request that came. */
  readonly asked: string[] = [];
  private readonly kept = new Map<string, Kept>();
  private readonly faults: Fault[] = [];
  private readonly stripe = new Stripe(this.secretKey);

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<StripeServer> {
    const server = http.createServer();
    const stripe = new StripeServer(server);
    server.on('request', (request, response) => {
      void stripe.answer(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return stripe;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  failNext(...faults: Fault[]): void {
    this.faults.push(...faults);
  }

  /** The objects of a kind, in the order in which they were made. */
  all(object: string): StripeObject[] {
    return [...this.made.values()].filter((one) => one.object === object);
  }

  /** The customer pays on the page: what Stripe posts then, in the order in which it happened. */
  pay(
    sessionId: string,
    method = 'pm_card_visa',
  ): [succeeded: SignedEvent, completed: SignedEvent] {
    const session = this.made.get(sessionId);
    if (session === undefined) throw new Error(`there is no session ${sessionId}`);
    const data = paymentOf(session);
    const intent = intentObject({
      amount: session['amount_total'] as number,
      currency: session['currency'],
      customer: data.setup_future_usage === null ? null : stripeId('cus'),
      payment_method: method,
      ...data,
    });
    const paid = { payment_status: 'paid', status: 'complete', payment_intent: intent.id };
    Object.assign(session, paid);
    this.made.set(intent.id, intent);
    return [
      this.event('payment_intent.succeeded', intent),
      this.event('checkout.session.completed', session),
    ];
  }

  /** A signed event about an object. */
  event(
    type: string,
    object: object,
    options: { version?: string; atMs?: number } = {},
  ): SignedEvent {
    const id = stripeId('evt');
    const created = Math.floor(Date.now() / 1_000);
    const api_version = options.version ?? '2026-10-28.endive';
    const body = JSON.stringify(
      { id, object: 'event', api_version, created, type, livemode: false, data: { object } },
      null,
      2,
    );
    return { id, body, signature: this.sign(body, options.atMs) };
  }

  /** @param atMs when it was signed, epoch milliseconds; now by default */
  sign(body: string, atMs = Date.now(), secret = this.webhookSecret): string {
    const timestamp = Math.floor(atMs / 1_000);
    return this.stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse) {
    const chunks: Buffer[] = await request.toArray();
    const fault = this.faults.shift();
    if (fault === 'hang up first') return request.socket.destroy();
    this.asked.push(`${request.method} ${request.url}`);
    const unavailable = { type: 'api_error', message: 'An unknown error occurred' };
    const { status, body, replayed } =
      fault === 'unavailable'
        ? { status: 503, body: JSON.stringify({ error: unavailable }), replayed: false }
        : this.replay(request, Buffer.concat(chunks).toString());
    if (fault === 'hang up after') return request.socket.destroy();
    response.writeHead(status, {
      'content-type': 'application/json',
      'request-id': stripeId('req'),
      ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
    });
    return response.end(body);
  }

  /** The same key gives the same answer, and does nothing again. */
  private replay(request: http.IncomingMessage, form: string): Kept & { replayed: boolean } {
    const key = request.headers['idempotency-key'];
    const same = `${request.url} ${form}`;
    const earlier = typeof key === 'string' ? this.kept.get(key) : undefined;
    if (earlier?.request === same) return { ...earlier, replayed: true };
    const { status, body } = this.result(() => {
      if (earlier !== undefined) throw mismatch();
      return this.act(request, form);
    });
    const kept = { request: same, status, body };
    if (typeof key === 'string' && earlier === undefined) this.kept.set(key, kept);
    return { ...kept, replayed: false };
  }

  private result(act: () => object): { status: number; body: string } {
    try {
      return { status: 200, body: JSON.stringify(act()) };
    } catch (error) {
      if (!(error instanceof StripeRefusal)) throw error;
      return { status: error.status, body: JSON.stringify({ error: error.error }) };
    }
  }

  private act({ method, url, headers }: http.IncomingMessage, form: string): object {
    const refused = (status: number, message: string) =>
      new StripeRefusal(status, { type: 'invalid_request_error', message });
    if (headers.authorization !== `Bearer ${this.secretKey}`)
      throw refused(401, 'Invalid API Key provided');
    if (headers['content-type'] !== 'application/x-www-form-urlencoded')
      throw refused(400, 'Invalid request: content type');
    if (String(headers['idempotency-key']).length > KEY_MAX) throw refused(400, 'key too long');
    if (!/^\d{4}-\d\d-\d\d/.test(String(headers['stripe-version'])))
      throw refused(400, 'Invalid Stripe API version');
    const made = this.make(`${method} ${url}`, form);
    if (made === undefined) throw refused(404, `Unrecognized request URL (${method}: ${url})`);
    this.made.set(made.id, made);
    return made;
  }

  private make(route: string, form: string): StripeObject | undefined {
    if (route === 'POST /v1/checkout/sessions') return newSession(readForm(form), this.url);
    if (route === 'POST /v1/payment_intents') return newIntent(readForm(form));
    if (route === 'POST /v1/refunds') return newRefund(readForm(form));
    return undefined;
  }
}

const mismatch = () =>
  new StripeRefusal(400, {
    type: 'idempotency_error',
    message: 'Keys for idempotent requests can only be used with the same parameters.',
  });
