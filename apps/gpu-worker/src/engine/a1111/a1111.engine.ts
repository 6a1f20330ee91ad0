import { sizeOf } from '../builtin/intake.js';
import {
  EngineError,
  type Engine,
  type EngineCapabilities,
  type EngineOutput,
  type EngineProgress,
  type EngineRequest,
} from '../engine.js';
import { EngineHttp } from '../remote/engine-http.js';
import { finished, keptOutside } from '../remote/finished.js';
import { assertNotAborted } from '../remote/given-up-after.js';
import {
  assertHonoured,
  assertOperations,
  engineNameOf,
  modelNamed,
  type DescribedModel,
  type ModelList,
} from '../remote/model-list.js';
import { invalid } from '../remote/refusals.js';
import { Runs } from '../remote/runs.js';
import { fitted, fittedToImage } from '../remote/sizes.js';
import { StepCount } from '../remote/step-count.js';
import { A1111Client, type A1111Inventory } from './a1111-client.js';
import { assertMadeBy, isUpscaler, modelsIn, offerIn, titleOf } from './a1111-models.js';
import { a1111Request, enlargement, HONOURED, type Asked } from './a1111-request.js';
import { assertNotInterrupted, watched, type RunWatch } from './a1111-run.js';

export interface A1111EngineOptions {
  /** Where it listens, such as `http://127.0.0.1:7860`. */
  readonly url: string;
  /** How its models are described; all of its checkpoints, by what it says of them, where not said. */
  readonly models?: ModelList | undefined;
  readonly authorization?: string | undefined;
  /** How often progress is asked for. Default 400 ms. */
  readonly pollMs?: number;
  /** How long a picture may take. Default 30 minutes. */
  readonly runMs?: number;
}

interface Under {
  readonly steps: StepCount;
  readonly signal: AbortSignal;
  readonly closing: AbortSignal;
}

/**
 * A1111's WebUI and its family (Forge), by `/sdapi/v1`. It runs one thing at a time, and its progress
 * and interrupt are of the whole WebUI: no one but this worker may use it.
 */
export class A1111Engine implements Engine {
  readonly #client: A1111Client;
  readonly #described: readonly DescribedModel[] | undefined;
  readonly #negativeEmbeddings: readonly string[];
  readonly #pollMs: number;
  readonly #runs = new Runs();
  #inventory: A1111Inventory | undefined;
  /** The title of the checkpoint in memory. */
  #loaded: string | undefined;
  #abandoned = 0;

  /** @throws ConfigError for a model that is to do what a WebUI cannot */
  constructor({ models, pollMs = 400, runMs = 30 * 60_000, ...address }: A1111EngineOptions) {
    if (models) assertOperations(models, ['generate', 'edit', 'upscale']);
    this.#described = models?.models;
    this.#negativeEmbeddings = models?.negative_embeddings ?? [];
    this.#pollMs = pollMs;
    this.#client = new A1111Client(new EngineHttp({ ...address, name: 'The WebUI' }), runMs);
  }

  get capabilities(): EngineCapabilities {
    const inventory = this.#inventory;
    const there = inventory ? modelsIn(inventory, this.#described) : [];
    const warm = there.filter((model) => inventory && this.#isWarm(inventory, model));
    return {
      engine: 'a1111',
      models: inventory ? there.map((model) => offerIn(inventory, model)) : [],
      warm: warm.map(({ name }) => name),
      slots: this.#abandoned > 0 ? 0 : 1,
    };
  }

  async load(model: string, signal?: AbortSignal): Promise<void> {
    this.#runs.assertOpen();
    const inventory = await this.#look();
    const described = modelNamed(modelsIn(inventory, this.#described), model);
    if (isUpscaler(described)) return;
    const title = titleOf(inventory, described);
    if (this.#loaded === title) return;
    await this.#client.load(title, signal);
    this.#loaded = title;
  }

  async run(
    request: EngineRequest,
    onProgress: (progress: EngineProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    return this.#runs.add(signal, async (either, closing) => {
      const steps = new StepCount({ run: request.steps }, onProgress);
      try {
        const output = await this.#run(request, { steps, signal: either, closing });
        assertNotAborted(either);
        steps.finish();
        return output;
      } catch (error) {
        this.#learnFrom(error);
        throw error;
      }
    });
  }

  async health(): Promise<{ ok: boolean; detail: string }> {
    if (this.#runs.closed) return { ok: false, detail: 'closed' };
    try {
      await this.#client.progress();
      const inventory = await this.#look();
      const absent = (this.#described ?? []).filter(
        (model) => !modelsIn(inventory, [model]).includes(model),
      );
      const lacking = absent.map((one) => `${one.name}: the WebUI has no ${engineNameOf(one)}`);
      return { ok: true, detail: ['WebUI ready', ...lacking].join('; ') };
    } catch (error) {
      this.#inventory = undefined;
      return { ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Whoever started the WebUI starts it again; what it has is asked for anew. */
  async revive(): Promise<void> {
    this.#inventory = undefined;
    await this.#look();
  }

  async close(): Promise<void> {
    await this.#runs.close();
  }

  async #look(): Promise<A1111Inventory> {
    if (this.#inventory) return this.#inventory;
    const inventory = await this.#client.inventory();
    this.#loaded = await this.#client.loaded();
    this.#inventory = inventory;
    return inventory;
  }

  #isWarm(inventory: A1111Inventory, model: DescribedModel): boolean {
    return isUpscaler(model) || titleOf(inventory, model) === this.#loaded;
  }

  async #run(request: EngineRequest, under: Under): Promise<EngineOutput> {
    const inventory = await this.#look();
    const model = modelNamed(modelsIn(inventory, this.#described), request.model);
    assertHonoured(request, model, HONOURED[request.operation] ?? new Set());
    if (request.operation === 'upscale') return this.#enlarged(request, model, under);
    const around = { model, inventory, negativeEmbeddings: this.#negativeEmbeddings };
    const asked = await a1111Request(request, around);
    assertNotAborted(under.signal);
    const work = this.#client.make(asked.route, asked.body, under.closing);
    const { bytes, seed, checkpoint } = await watched(this.#client, work, this.#watch(under));
    await assertNotInterrupted(this.#client);
    assertMadeBy(inventory, model, checkpoint);
    this.#loaded = titleOf(inventory, model);
    const output = await drawn(bytes, request, asked);
    return seed === undefined ? output : { ...output, seed };
  }

  async #enlarged(
    request: EngineRequest,
    model: DescribedModel,
    under: Under,
  ): Promise<EngineOutput> {
    const { image, scale = 2 } = request;
    if (!image) throw invalid('an upscale needs an image');
    const body = await enlargement(request, model);
    const { width, height } = await sizeOf(image, 'image');
    assertNotAborted(under.signal);
    const work = this.#client.enlarge(body, under.closing);
    const bytes = await watched(this.#client, work, this.#watch(under));
    const size = { width: width * scale, height: height * scale };
    return finished(bytes, request, (made) => fittedToImage(made, size));
  }

  #watch({ steps, signal }: Under): RunWatch {
    const onAbandoned = (abandoned: boolean): void => void (this.#abandoned += abandoned ? 1 : -1);
    return { pollMs: this.#pollMs, steps, signal, onAbandoned };
  }

  /** After these it may be another WebUI, or have other files; after the last nothing is in memory. */
  #learnFrom(error: unknown): void {
    if (!(error instanceof EngineError)) return;
    const changed = ['engine.lost', 'engine.unreachable', 'engine.model_missing'];
    if (changed.includes(error.code)) this.#inventory = undefined;
    if (error.code === 'engine.out_of_memory') this.#loaded = undefined;
  }
}

async function drawn(bytes: Buffer, request: EngineRequest, asked: Asked): Promise<EngineOutput> {
  const { operation, image, mask } = request;
  return finished(bytes, request, async (made) => {
    if (operation !== 'edit' || !image || !mask) return fitted(made, asked.drawn, request);
    const size = await sizeOf(image, 'image');
    return keptOutside(await fittedToImage(await fitted(made, asked.drawn, size), size), {
      image,
      mask,
    });
  });
}
