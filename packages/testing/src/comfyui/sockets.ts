import type { IncomingMessage, Server } from 'node:http';
import { randomUUID } from 'node:crypto';
import { WebSocketServer, type WebSocket } from 'ws';

interface Session {
  readonly socket: WebSocket;
  /** The client said that it understands previews with metadata. */
  previewMetadata: boolean;
}

/** The smallest JPEG that says it is one: previews are looked at by nobody here. */
const PREVIEW = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);

const u32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
};

/**
 * Who listens on `/ws`, by client id, with ComfyUI's own weakness: a socket that ends takes its client
 * id with it, also when a newer socket has that id by then, which hears nothing from then on.
 */
export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sessions = new Map<string, Session>();
  readonly #lingering = new Set<WebSocket>();
  /** How many sockets were opened so far. */
  opened = 0;

  constructor(private readonly greet: (clientId: string) => void) {}

  attach(http: Server): void {
    http.on('upgrade', (request, socket, head) => {
      if (!/^(\/api)?\/ws(\?|$)/.test(request.url ?? '')) return void socket.destroy();
      this.#server.handleUpgrade(request, socket, head, (opened) => this.#open(opened, request));
    });
  }

  get clientIds(): string[] {
    return [...this.#sessions.keys()];
  }

  /** To one client, or to every one where `clientId` is undefined. */
  send(type: string, data: unknown, clientId: string | undefined): void {
    const frame = JSON.stringify({ type, data });
    for (const { socket } of this.#to(clientId)) socket.send(frame);
  }

  preview(clientId: string | undefined, where: { nodeId: string; promptId: string }): void {
    for (const { socket, previewMetadata } of this.#to(clientId)) {
      if (!previewMetadata) {
        socket.send(Buffer.concat([u32(1), u32(1), PREVIEW]));
        continue;
      }
      const told = { node_id: where.nodeId, prompt_id: where.promptId, image_type: 'image/jpeg' };
      const metadata = Buffer.from(JSON.stringify(told));
      socket.send(Buffer.concat([u32(4), u32(metadata.length), metadata, PREVIEW]));
    }
  }

  /**
   * Breaks every connection while the server has not noticed, as a network does. The result makes it
   * notice: only then are the old sockets forgotten.
   */
  cut(): () => void {
    const cut = [...this.#sessions.values()].map(({ socket }) => socket);
    for (const socket of cut) {
      this.#lingering.add(socket);
      socket.terminate();
    }
    return () => {
      for (const socket of cut) {
        this.#lingering.delete(socket);
        socket.emit('reaped');
      }
    };
  }

  closeAll(): void {
    for (const { socket } of this.#sessions.values()) socket.terminate();
    this.#sessions.clear();
  }

  #to(clientId: string | undefined): Session[] {
    if (clientId === undefined) return [...this.#sessions.values()];
    const session = this.#sessions.get(clientId);
    return session === undefined ? [] : [session];
  }

  #open(socket: WebSocket, request: IncomingMessage): void {
    const asked = new URL(request.url ?? '/', 'http://localhost').searchParams.get('clientId');
    const sid = asked === null || asked === '' ? randomUUID().replaceAll('-', '') : asked;
    this.opened += 1;
    const session: Session = { socket, previewMetadata: false };
    this.#sessions.set(sid, session);
    this.greet(sid);
    let first = true;
    socket.on('message', (data: Buffer, binary) => {
      if (first && !binary) this.#negotiate(session, String(data), sid);
      first = false;
    });
    // By the id alone: whoever has it now loses it.
    const forget = (): void => void this.#sessions.delete(sid);
    socket.on('close', () => {
      if (!this.#lingering.has(socket)) forget();
    });
    socket.on('reaped', forget);
    socket.on('error', () => socket.terminate());
  }

  #negotiate(session: Session, text: string, sid: string): void {
    const frame = JSON.parse(text) as { type?: string; data?: Record<string, unknown> };
    if (frame.type !== 'feature_flags') return;
    session.previewMetadata = frame.data?.['supports_preview_metadata'] === true;
    this.send(
      'feature_flags',
      { supports_preview_metadata: true, max_upload_size: 104_857_600 },
      sid,
    );
  }
}
