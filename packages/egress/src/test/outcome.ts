import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Egress } from '../egress.js';
import { EgressRefused } from '../egress-refused.js';
import type { EgressRequest } from '../request.js';

/** The code of the refusal, or the body of the answer. */
export async function outcomeOf(
  egress: Egress,
  url: string,
  request?: EgressRequest,
): Promise<string> {
  try {
    return (await egress.fetch(url, request)).body.toString();
  } catch (error) {
    if (error instanceof EgressRefused) return error.code;
    throw error;
  }
}

/** How many TCP sockets this process opened for `work`: a refused request has none. */
export async function socketsOpenedBy(work: () => Promise<unknown>): Promise<number> {
  let opened = 0;
  const count = () => {
    opened += 1;
  };
  subscribe('net.client.socket', count);
  try {
    await work();
  } finally {
    unsubscribe('net.client.socket', count);
  }
  return opened;
}
