import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach } from '@jest/globals';
import { createEgress, type Egress } from '../egress.js';
import type { EgressRequest } from '../request.js';
import { outcomeOf } from './outcome.js';
import { rawServer } from './raw-server.js';
import { webServer } from './web-server.js';

/** An egress for which the port is a receiver's at all these addresses, and every name leads to them. */
export const egressTo = (port: number, addresses = ['127.0.0.1']): Egress =>
  createEgress({
    receivers: addresses.map((address) => `${address}:${port}`),
    resolve: async () => addresses,
  });

/** Waits until a connection that was made has ended. */
export async function endOf(socket: Socket | undefined): Promise<void> {
  if (!socket) throw new Error('there was no connection');
  if (!socket.closed) await new Promise((ended) => socket.once('close', ended));
}

/** Servers that end with the test that began them. */
export function serversOfTest() {
  const servers: { close: () => Promise<void> }[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  return {
    /** An egress, a URL at which `answer` answers, and what its server saw. */
    async serving(answer?: RequestListener) {
      const server = await webServer({ host: '127.0.0.1', ...(answer && { answer }) });
      servers.push(server);
      return { server, egress: egressTo(server.port), url: `http://a.example.com:${server.port}/` };
    },
    /** Asks a server that writes these bytes, or whatever it likes. */
    async writing(write: string | ((socket: Socket) => void)) {
      const server = await rawServer(
        typeof write === 'string' ? (socket) => socket.end(write, 'latin1') : write,
      );
      servers.push(server);
      const url = `http://a.example.com:${server.port}/`;
      return (request?: EgressRequest) => outcomeOf(egressTo(server.port), url, request);
    },
  };
}
