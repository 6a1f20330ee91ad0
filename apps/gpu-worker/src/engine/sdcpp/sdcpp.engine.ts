import {
  EngineError,
  type Engine,
  type EngineCapabilities,
  type EngineOutput,
  type EngineProgress,
  type EngineRequest,
} from '../engine.js';
import { sizeOf } from '../builtin/intake.js';
import { EngineHttp } from '../remote/engine-http.js';
import { finished, keptOutside } from '../remote/finished.js';
import { assertNotAborted } from '../remote/given-up-after.js';
import {
  assertHonoured,
  assertOperations,
  modelNamed,
  type DescribedModel,
  type ModelList,
} from '../remote/model-list.js';
import { invalid } from '../remote/refusals.js';
import { Runs } from '../remote/runs.js';
import { fitted, fittedToImage } from '../remote/sizes.js';
import { StepCount } from '../remote/step-count.js';
import { framesOfAvi } from './avi.js';
import { filmedAnew } from './filmed-anew.js';
import { pictureIn, runJob, videoIn } from './job-run.js';
import { SdcppClient, type SdcppCapabilities, type SdcppResult } from './sdcpp-client.js';
import { modelsOn, offerOn } from './sdcpp-models.js';
import { HONOURED, sdcppRequest, type Asked } from './sdcpp-request.js';

export interface SdcppEngineOptions {
  /** Where it listens, such as `http://127.0.0.1:1234`. */
  readonly url: string;
  /** How its model is described; by what the server says of it where not said. */
  readonly models?: ModelList | undefined;
  readonly authorization?: string | undefined;
  /** How often a job is looked at. Default 500 ms. */
  readonly pollMs?: number;
}

/**
 * The server of stable-diffusion.cpp by its native API: jobs that are submitted and looked at. It works
 * at one at a time and cannot stop what it has begun: while such a run goes on unwanted, no slot is
 * offered.
 */
export class SdcppEngine implements Engine {
  readonly #client: SdcppClient;
  readonly #described: readonly DescribedModel[] | undefined;
  readonly #pollMs: number;
  readonly #runs = new Runs();
  #server: SdcppCapabilities | undefined;
  #abandoned = 0;

  /** @throws ConfigError for a model that is to do what such a server cannot */
  constructor({ models, pollMs = 500, ...address }: SdcppEngineOptions) {
    if (models) assertOperations(models, ['generate', 'edit', 'video']);
    this.#described = models?.models;
    this.#pollMs = pollMs;
    this.#client = new SdcppClient(new EngineHttp({ ...address, name: 'stable-diffusion.cpp' }));
  }

  get capabilities(): EngineCapabilities {
    const server = this.#server;
    const models = server ? this.#models(server).map((model) => offerOn(server, model)) : [];
    // It loads its model when it starts.
    const warm = models.map(({ name }) => name);
    return { engine: 'sdcpp', models, warm, slots: this.#abandoned > 0 ? 0 : 1 };
  }

  /** Checks that the server has the model: it was loaded when the server started. */
  async load(model: string): Promise<void> {
    this.#runs.assertOpen();
    modelNamed(this.#models(await this.#look()), model);
  }

  async run(
    request: EngineRequest,
    onProgress: (progress: EngineProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    return this.#runs.add(signal, async (either, closing) => {
      // The server tells nothing of a job's steps.
      const steps = new StepCount({ run: request.steps }, onProgress);
      try {
        const output = await this.#run(request, either, closing);
        assertNotAborted(either);
        steps.finish();
        return output;
      } catch (error) {
        if (error instanceof EngineError && LOOK_AGAIN.has(error.code)) this.#server = undefined;
        throw error;
      }
    });
  }

  async health(): Promise<{ ok: boolean; detail: string }> {
    if (this.#runs.closed) return { ok: false, detail: 'closed' };
    try {
      // Asked each time: a LoRA may have been added, another model may have been loaded.
      this.#server = await this.#client.capabilities();
      const names = this.#models(this.#server).map(({ name }) => name);
      const { stem, name } = this.#server.model;
      const loaded = `stable-diffusion.cpp with ${stem === '' ? name : stem}`;
      const told = names.length > 0 ? names.join(', ') : 'no description in ENGINE_MODELS is of it';
      return { ok: true, detail: `${loaded}: ${told}` };
    } catch (error) {
      this.#server = undefined;
      return { ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Whoever started the server starts it again; what it has is asked for anew. */
  async revive(): Promise<void> {
    this.#server = undefined;
  }

  async close(): Promise<void> {
    await this.#runs.close();
  }

  #models(server: SdcppCapabilities): DescribedModel[] {
    return modelsOn(server, this.#described);
  }

  async #look(): Promise<SdcppCapabilities> {
    this.#server ??= await this.#client.capabilities();
    return this.#server;
  }

  async #run(
    request: EngineRequest,
    signal: AbortSignal,
    closing: AbortSignal,
  ): Promise<EngineOutput> {
    const server = await this.#look();
    const model = modelNamed(this.#models(server), request.model);
    assertHonoured(request, model, HONOURED[request.operation] ?? new Set());
    const asked = await sdcppRequest(request, model, server);
    assertNotAborted(signal);
    const onAbandoned = (abandoned: boolean): void => void (this.#abandoned += abandoned ? 1 : -1);
    const watch = { pollMs: this.#pollMs, signal, closing, onAbandoned };
    const result = await runJob(this.#client, asked, watch);
    if (asked.mode === 'vid_gen') return filmed(result, request, { model, signal });
    return drawn(result, request, asked);
  }
}

/** After these the server may be another one, or has other files. */
const LOOK_AGAIN = new Set(['engine.run_lost', 'engine.lost', 'engine.model_missing']);

function drawn(result: SdcppResult, request: EngineRequest, asked: Asked): Promise<EngineOutput> {
  const { image, mask, operation } = request;
  return finished(pictureIn(result), request, async (made) => {
    if (operation !== 'edit') return fitted(made, asked.drawn, request);
    if (!image || !mask) throw invalid('an edit needs an image and a mask');
    const size = await sizeOf(image, 'image');
    return keptOutside(await fittedToImage(await fitted(made, asked.drawn, size), size), {
      image,
      mask,
    });
  });
}

async function filmed(
  result: SdcppResult,
  request: EngineRequest,
  { model, signal }: { model: DescribedModel; signal: AbortSignal },
): Promise<EngineOutput> {
  const { seconds = 1, fps = model.max_fps } = request;
  const frames = framesOfAvi(videoIn(result)).slice(0, Math.max(1, Math.round(seconds * fps)));
  return finished(await filmedAnew(frames, fps, signal), request);
}
