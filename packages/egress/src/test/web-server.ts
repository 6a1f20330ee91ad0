import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Identity } from './certificates.js';

export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** The name in the TLS handshake; `false` without one. */
  readonly serverName: string | false | null | undefined;
  readonly sessionReused: boolean | undefined;
}

/** A real web server that counts who knocks: as canary it must stay at nought. */
export interface WebServer {
  readonly port: number;
  /** TCP connections, whether or not a request came over them. */
  connections(): number;
  requests(): readonly SeenRequest[];
  close(): Promise<void>;
}

const welcome: http.RequestListener = (_request, response) => response.end('welcome');

/** @param host where it listens; every address of this machine, of both kinds, if left out. */
export async function webServer({
  host,
  port = 0,
  identity,
  answer = welcome,
}: {
  host?: string;
  port?: number;
  identity?: Identity;
  answer?: http.RequestListener;
} = {}): Promise<WebServer> {
  const server = identity ? https.createServer(identity) : http.createServer();
  const sockets = new Set<Socket>();
  const requests: SeenRequest[] = [];
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => undefined));
  });
  server.on('request', (request, response) => {
    void seen(request).then((one) => {
      requests.push(one);
      answer(request, response);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    requests: () => requests,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

async function seen(request: http.IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = await request.toArray();
  const { method, url, headers } = request;
  const socket = request.socket as Partial<TLSSocket>;
  return {
    method,
    url,
    headers,
    body: Buffer.concat(chunks).toString(),
    serverName: socket.servername,
    sessionReused: socket.isSessionReused?.(),
  };
}
