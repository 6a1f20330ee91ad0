import { framesIn, type Frame } from './frames.js';

/** How long a socket may take to say goodbye before it is given up. */
const FAREWELL_MS = 1_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

export interface Listener {
  readonly onFrame: (frame: Frame) => void;
  /** The connection broke or came back: frames may have been missed. */
  readonly onGap: () => void;
}

/**
 * Listens on ComfyUI's websocket under one client id, and comes back when it is cut off. An old socket
 * is closed before a new one is opened: the server forgets a client id when any socket of it ends, and
 * the newer one would hear nothing for good. What is missed is not sent again: a run that hears nothing
 * looks into the history.
 */
export class ComfyuiSocket {
  readonly #url: string;
  readonly #listeners = new Map<string, Listener>();
  #socket: WebSocket | undefined;
  #pause = FIRST_PAUSE_MS;
  #retry: NodeJS.Timeout | undefined;
  #reopening: Promise<void> | undefined;
  #closed = false;

  constructor(url: string, clientId: string) {
    const address = new URL(`${url.replace(/\/+$/, '')}/ws`);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    address.searchParams.set('clientId', clientId);
    this.#url = address.href;
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Resolves when the server has taken the connection or refused it. */
  async open(): Promise<void> {
    if (this.#closed || this.#socket !== undefined) return;
    clearTimeout(this.#retry);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#hear(data));
    socket.addEventListener('open', () => {
      this.#pause = FIRST_PAUSE_MS;
      this.#tellOfGap();
    });
    socket.addEventListener('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#retryLater();
      this.#tellOfGap();
    });
    await new Promise<void>((resolve) => {
      for (const event of ['open', 'error', 'close']) {
        socket.addEventListener(event, () => resolve(), { once: true });
      }
    });
  }

  /** Closes what is there, waits until it is closed, and opens anew. */
  async reopen(): Promise<void> {
    this.#reopening ??= this.#leave()
      .then(() => this.open())
      .finally(() => (this.#reopening = undefined));
    return this.#reopening;
  }

  /** @returns what stops listening */
  listen(promptId: string, listener: Listener): () => void {
    this.#listeners.set(promptId, listener);
    return () => this.#listeners.delete(promptId);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#leave();
  }

  #hear(data: unknown): void {
    // Frames of others' prompts come too, where those named no client.
    for (const frame of framesIn(data)) this.#listeners.get(frame.promptId)?.onFrame(frame);
  }

  #tellOfGap(): void {
    for (const { onGap } of this.#listeners.values()) onGap();
  }

  #retryLater(): void {
    if (this.#closed) return;
    this.#retry = setTimeout(() => void this.open(), this.#pause).unref();
    this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2);
  }

  async #leave(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FAREWELL_MS).unref();
      socket.addEventListener('close', () => resolve(), { once: true });
      socket.close();
    });
    clearTimeout(timer);
  }
}
