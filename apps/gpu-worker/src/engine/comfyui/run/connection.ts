import type { ComfyuiClient } from '../client/comfyui-client.js';
import type { ComfyuiSocket } from '../client/comfyui-socket.js';
import type { ObjectInfo } from '../client/object-info.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

/**
 * What the server said of its nodes and files: asked once per start of it, and again when something
 * showed that it is another one by now. `/object_info` is megabytes on a ComfyUI with many nodes.
 */
export class Connection {
  #info: ObjectInfo | undefined;
  #asking: Promise<ObjectInfo> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pause = FIRST_PAUSE_MS;
  #closed = false;

  constructor(
    private readonly client: ComfyuiClient,
    private readonly socket: ComfyuiSocket,
  ) {}

  /** Undefined while the server was not reached. */
  get info(): ObjectInfo | undefined {
    return this.#info;
  }

  /** @throws EngineError `engine.unreachable`, `engine.fault` */
  async objectInfo(): Promise<ObjectInfo> {
    if (this.#info) return this.#info;
    this.#asking ??= this.client.objectInfo().finally(() => (this.#asking = undefined));
    this.#info = await this.#asking;
    return this.#info;
  }

  /** Asks until it is answered, ever more slowly; resolves never, for nobody waits. */
  keep(): void {
    if (this.#closed) return;
    void this.#connect().then((connected) => {
      if (connected || this.#closed) return;
      this.#timer = setTimeout(() => this.keep(), this.#pause).unref();
      this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2);
    });
  }

  /** The next run asks anew, and so does `keep`: what cannot run here is not offered meanwhile. */
  forget(): void {
    this.#info = undefined;
    this.#pause = FIRST_PAUSE_MS;
    this.keep();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #connect(): Promise<boolean> {
    try {
      await this.objectInfo();
      await this.socket.open();
      return true;
    } catch {
      // Health says why, whenever it is asked.
      return false;
    }
  }
}
