import type { ComfyuiClient } from '../client/comfyui-client.js';
import type { ComfyuiSocket } from '../client/comfyui-socket.js';
import type { ObjectInfo } from '../client/object-info.js';

/**
 * What the server said of its nodes and files: asked once per start of it, and again when something
 * showed that it is another one by now. `/object_info` is megabytes on a ComfyUI with many nodes.
 */
export class Connection {
  #info: ObjectInfo | undefined;
  #asking: Promise<ObjectInfo> | undefined;

  constructor(
    private readonly client: ComfyuiClient,
    private readonly socket: ComfyuiSocket,
  ) {}

  /** Undefined while the server was not reached. */
  get info(): ObjectInfo | undefined {
    return this.#info;
  }

  /** @throws EngineError `engine.unreachable`, `engine.lost`, `engine.fault` */
  async objectInfo(): Promise<ObjectInfo> {
    if (this.#info) return this.#info;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Whoever needs it next asks anew; until then nothing is offered. */
  forget(): void {
    this.#info = undefined;
  }

  async #ask(): Promise<ObjectInfo> {
    const info = await this.client.objectInfo();
    await this.socket.open();
    this.#info = info;
    return info;
  }
}
