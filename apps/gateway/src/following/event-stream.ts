import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { presentData } from '../jobs/timeline.presenter.js';
import type { FeedItem, News } from './job-feed.js';

const KEEP_ALIVE_MS = 15_000;
/** How soon a client should come back after its connection ended, in milliseconds. */
const RETRY_MS = 1_000;
/** All clients of a gateway that goes away come back within this time, not at one moment. */
const RETRY_SPREAD_MS = 2_000;

/** `Accept` asks for a stream rather than for JSON. */
export const wantsStream = (request: FastifyRequest): boolean =>
  (request.headers.accept ?? '').toLowerCase().includes('text/event-stream');

/** The number after which a stream goes on: 0 from the start; `undefined` for what is no number. */
export function lastEventId(request: FastifyRequest): number | undefined {
  const header = request.headers['last-event-id'];
  if (header === undefined || header === '') return 0;
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

/**
 * Server-Sent Events (WHATWG HTML, section 9.2): events carry their number as id, so that a client
 * that comes back says after which to go on; progress carries none, it is not part of the sequence.
 * Waits for a slow client instead of filling memory; ends when the items or the client do.
 *
 * A gateway that goes away says so last, with `event: drain`, which has no id: the client comes back,
 * to another gateway, and goes on after the last number that it saw.
 *
 * @param leaving whether the stream ends because the gateway goes away
 */
export async function stream(
  reply: FastifyReply,
  items: AsyncIterable<FeedItem>,
  leaving: () => boolean = () => false,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write(`retry: ${RETRY_MS}\n\n`);
  const keepAlive = setInterval(() => raw.write(': still here\n\n'), KEEP_ALIVE_MS);
  try {
    for await (const item of items) if (item.kind !== 'found') await write(raw, frameOf(item));
    if (leaving()) raw.write(drainFrame());
  } finally {
    clearInterval(keepAlive);
    raw.end();
  }
}

async function write(raw: FastifyReply['raw'], frame: string): Promise<void> {
  if (raw.write(frame) || raw.destroyed) return;
  await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
}

function drainFrame(): string {
  const retryMs = RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS);
  const data = JSON.stringify({ resume: 'connect again with Last-Event-ID' });
  return `retry: ${retryMs}\nevent: drain\ndata: ${data}\n\n`;
}

function frameOf(item: News): string {
  if (item.kind === 'progress') {
    return `event: progress\ndata: ${JSON.stringify({ percent: item.percent })}\n\n`;
  }
  const { sequence, type, at, data } = item.event;
  const body = JSON.stringify({ sequence, type, at, data: presentData(data) });
  return `id: ${sequence}\nevent: ${type}\ndata: ${body}\n\n`;
}
