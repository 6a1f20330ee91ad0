import type { EngineOutput, EngineRequest } from '../engine.js';
import { encodePicture, MEDIA_TYPES } from './encode.js';
import type { Picture } from './picture.js';

const KEPT = 64;

/** Plain pictures for load tests: one encoding per size and format, kept and handed out. */
export class BlankPictures {
  readonly #encoded = new Map<string, Promise<Uint8Array>>();

  /** The plain picture of the size asked for; the bytes are shared, so do not write to them. */
  async picture(request: EngineRequest): Promise<EngineOutput> {
    const key = `${request.format} ${String(request.width)} ${String(request.height)}`;
    let bytes = this.#encoded.get(key);
    if (!bytes) {
      bytes = encodePicture(plain(request.width, request.height), request);
      if (this.#encoded.size >= KEPT) this.#encoded.clear();
      this.#encoded.set(key, bytes);
      bytes.catch(() => this.#encoded.delete(key));
    }
    return {
      bytes: await bytes,
      mediaType: MEDIA_TYPES[request.format],
      width: request.width,
      height: request.height,
      seed: request.seed,
      plain: true,
    };
  }
}

const plain = (width: number, height: number): Picture => ({
  rgba: new Uint8Array(new Uint32Array(width * height).fill(0xffe8e8e8).buffer),
  width,
  height,
});
