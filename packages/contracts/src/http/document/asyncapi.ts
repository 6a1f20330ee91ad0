import { z } from 'zod';
import { micros } from '../../scalars.js';
import { streams } from '../../topology.js';
import { jobResource } from '../job.js';
import { deletedJob, webhookPayload } from '../webhook-payload.js';
import { jobEventType } from '../webhooks.js';

/** A message that Safelight sends to an address of the customer's choice. */
export interface WebhookMessage {
  /** Its type, such as `job.completed`. */
  readonly type: string;
  readonly summary: string;
  readonly payload: z.ZodType;
}

// Without its name: in this document each message stands by itself.
const job = z.strictObject(jobResource.shape);

/** What webhooks carry. */
export const webhookMessages: readonly WebhookMessage[] = [
  ...jobEventType.options.map((type): WebhookMessage => ({
    type,
    summary: `The job as the API shows it after ${type}, or what is left of it once it was deleted`,
    payload: webhookPayload.extend({ type: z.literal(type), data: z.union([job, deletedJob]) }),
  })),
  {
    type: 'webhook.test',
    summary: 'Asked for with POST /api/v1/webhooks/{id}/test',
    payload: webhookPayload.extend({
      type: z.literal('webhook.test'),
      data: z.strictObject({ webhook_id: z.string() }),
    }),
  },
];

interface Message {
  readonly name: string;
  readonly summary: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An event as it lies in a JetStream stream: `WireEvent` of the messaging package. */
const wireEvent = (data: z.ZodType) =>
  z.object({
    id: z.string().meta({ description: 'Also the JetStream message id' }),
    key: z.string().meta({ description: 'Events with equal keys come in order' }),
    recordedAt: z.string(),
    correlationId: z.string().optional(),
    causationId: z.string().optional(),
    traceparent: z.string().optional(),
    data,
  });

/** As it stands in a message: amounts are decimal text there, whatever they are once parsed. */
function schemaOf(payload: z.ZodType): Message['payload'] {
  const schema: Record<string, unknown> = z.toJSONSchema(payload, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== (micros as z.core.$ZodType)) return;
      delete jsonSchema.anyOf;
      Object.assign(jsonSchema, { type: 'string', pattern: '^-?\\d{1,18}$' });
    },
  });
  // The document's own dialect holds.
  delete schema['$schema'];
  return schema;
}

const camelCase = (name: string) =>
  name.replaceAll(/[._-]+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

function channel(address: string, description: string, messages: readonly Message[]) {
  return {
    address,
    description,
    messages: Object.fromEntries(messages.map((one) => [camelCase(one.name), one])),
  };
}

function eventChannels() {
  return streams.flatMap(({ name, events }) =>
    events.map(({ subject, data }) => {
      const event = subject.replace(/^safelight\./, '').replace(/\.v1$/, '');
      const summary = `Public event of the JetStream stream ${name}`;
      const message = { name: event, summary, payload: schemaOf(wireEvent(data)) };
      return [camelCase(event), channel(subject, summary, [message])] as const;
    }),
  );
}

function webhookChannels() {
  const messages = webhookMessages.map(({ type, summary, payload }) => ({
    name: type,
    summary,
    payload: schemaOf(payload),
  }));
  const description =
    'POST requests to the endpoints of a customer, signed as Standard Webhooks. A receiver that was named in a request of a dialect hears the same in that dialect’s words: the body is what the dialect answers to whoever asks for the state of the job.';
  return [['webhooks', channel('{endpoint}', description, messages)] as const];
}

/** Webhooks and public events, as AsyncAPI 3. */
export function asyncApiDocument() {
  const channels = Object.fromEntries([...webhookChannels(), ...eventChannels()]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Safelight',
      version: '1',
      description:
        'What Safelight says without being asked: webhooks to customers, and public events between its services on NATS JetStream. Delivered at least once; the id tells repetitions.',
    },
    defaultContentType: 'application/json',
    channels,
    operations: Object.fromEntries(
      Object.keys(channels).map((name) => [
        `send${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        { action: 'send', channel: { $ref: `#/channels/${name}` } },
      ]),
    ),
  };
}
