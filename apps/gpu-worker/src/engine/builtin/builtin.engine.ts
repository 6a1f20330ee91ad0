import {
  type Engine,
  type EngineCapabilities,
  EngineCancelled,
  EngineError,
  type EngineOutput,
  type EngineProgress,
  type EngineRequest,
} from '../engine.js';
import { ALGORITHMIC_MEDIA } from '../mark.js';
import { imprinted } from '../imprinted.js';
import { orAborted } from '../or-aborted.js';
import { BlankPictures } from './blank.js';
import { encodePicture, markedFilm, MEDIA_TYPES } from './encode.js';
import { assertModel, BLANK, builtinCapabilities } from './models.js';
import { Painter } from './painter.js';
import type { Picture } from './picture.js';
import type { Footage } from './tasks.js';
import { assertRequest } from './request.js';
import { taskOf } from './task-of.js';

export interface BuiltinEngineOptions {
  /** How many pictures may be painted at once, each in a thread of its own. Default 1. */
  slots?: number;
}

const cancelled = (): Error => new EngineCancelled();

interface Turn {
  take: (painter: Painter) => void;
  refuse: (reason: Error) => void;
}

/**
 * The engine that needs no GPU and no weights: it paints and enlarges by rule on the CPU. Runs beyond
 * the number of slots wait for a free painter, in the order in which they came.
 */
export class BuiltinEngine implements Engine {
  readonly capabilities: EngineCapabilities;
  readonly #painters: readonly Painter[];
  readonly #idle: Painter[];
  readonly #waiting: Turn[] = [];
  readonly #blank = new BlankPictures();
  #closed = false;

  constructor({ slots = 1 }: BuiltinEngineOptions = {}) {
    this.#painters = Array.from({ length: Math.max(1, slots) }, () => new Painter());
    this.capabilities = { ...builtinCapabilities, slots: this.#painters.length };
    this.#idle = [...this.#painters];
  }

  async load(model: string): Promise<void> {
    assertModel(model);
  }

  async run(
    request: EngineRequest,
    onProgress: (progress: EngineProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    assertRequest(request);
    this.#assertOpen(signal);
    if (request.model === BLANK) return this.#runBlank(request, onProgress);
    const painter = await this.#takePainter(signal);
    const onPass = (step: number, steps: number): void => onProgress({ step, steps });
    let made: Picture | Footage;
    try {
      // Decoded only now: pictures of runs that wait would fill the memory.
      const task = await orAborted(taskOf(request), signal, cancelled);
      this.#assertOpen(signal);
      made = await painter.paint(task, onPass, signal);
    } finally {
      this.#giveBack(painter);
    }
    const output = await orAborted(outputOf(made, request), signal, cancelled);
    this.#assertOpen(signal);
    return output;
  }

  async health(): Promise<{ ok: boolean; detail: string }> {
    if (this.#closed) return { ok: false, detail: 'closed' };
    const busy = this.#painters.length - this.#idle.length;
    return {
      ok: true,
      detail: `${String(busy)} of ${String(this.#painters.length)} slots at work`,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const turn of this.#waiting.splice(0))
      turn.refuse(new EngineCancelled('the engine closed'));
    await Promise.all(this.#painters.map((painter) => painter.close()));
  }

  #runBlank(
    request: EngineRequest,
    onProgress: (progress: EngineProgress) => void,
  ): Promise<EngineOutput> {
    for (let step = 1; step <= request.steps; step++) onProgress({ step, steps: request.steps });
    return this.#blank.picture(request);
  }

  // Takes an idle painter out at once, or waits for its turn; a run that gives up while it
  // waits leaves the queue.
  async #takePainter(signal: AbortSignal): Promise<Painter> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    return new Promise<Painter>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(new EngineCancelled());
      };
      const turn: Turn = {
        take: (painter) => {
          signal.removeEventListener('abort', leave);
          resolve(painter);
        },
        refuse: (reason) => {
          signal.removeEventListener('abort', leave);
          reject(reason);
        },
      };
      this.#waiting.push(turn);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #giveBack(painter: Painter): void {
    const next = this.#waiting.shift();
    if (next) next.take(painter);
    else this.#idle.push(painter);
  }

  #assertOpen(signal: AbortSignal): void {
    if (this.#closed) throw new EngineError('engine.closed', 'the engine is closed');
    if (signal.aborted) throw new EngineCancelled();
  }
}

const digitalSourceType = ALGORITHMIC_MEDIA;

async function outputOf(made: Picture | Footage, request: EngineRequest): Promise<EngineOutput> {
  const { width, height } = made;
  const { format, seed } = request;
  if ('mp4' in made) {
    const bytes = markedFilm(made.mp4, request);
    const { seconds } = made;
    return { bytes, mediaType: 'video/mp4', width, height, seed, seconds, digitalSourceType };
  }
  const { picture, ...mark } = await imprinted(made, request);
  const bytes = await encodePicture(picture, request);
  const mediaType = MEDIA_TYPES[format];
  return { bytes, mediaType, width, height, seed, digitalSourceType, ...mark };
}
