import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookPayload } from '@safelight/contracts';

/** What a receiver was sent. */
export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Behaviour = (response: http.ServerResponse, received: Received) => void;

export const answering =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    void response.writeHead(status, headers).end();
/** Takes the event and never says a word. */
export const stalling: Behaviour = () => undefined;
/** Takes the event and hangs up. */
export const hangingUp: Behaviour = (response) => void response.destroy();
/** Says 200, and breaks off before its answer is whole. */
export const lying: Behaviour = (response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"ok":', () => response.destroy());
};

/** A customer's real HTTP server. */
export class Receiver {
  readonly received: Received[] = [];

  private constructor(
    private readonly server: http.Server,
    public behaviour: Behaviour,
  ) {}

  static async start(behaviour: Behaviour = answering(204)): Promise<Receiver> {
    const server = http.createServer();
    const receiver = new Receiver(server, behaviour);
    server.on('request', (request, response) => {
      void receiver.receive(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://hooks.example.com:${port}/in`;
  }

  payloads(): WebhookPayload[] {
    return this.received.map(({ body }) => JSON.parse(body) as WebhookPayload);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async receive(request: http.IncomingMessage, response: http.ServerResponse) {
    const chunks: Buffer[] = await request.toArray();
    const received = {
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString(),
    };
    this.received.push(received);
    this.behaviour(response, received);
  }
}
