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
import { maskAsPng, pictureAsPng } from '../remote/input-pictures.js';
import {
  assertHonoured,
  assertOperations,
  engineNameOf,
  modelNamed,
  offerOf,
  type DescribedModel,
  type ModelList,
  type OptionalField,
} from '../remote/model-list.js';
import { invalid, missing } from '../remote/refusals.js';
import { Runs } from '../remote/runs.js';
import { fitted, fittedToImage, stepped } from '../remote/sizes.js';
import { StepCount } from '../remote/step-count.js';
import { bytesOf, OpenaiClient } from './openai-client.js';
import { editForm, fileOf, formOf, imageFields, videoFields } from './openai-requests.js';
import { followVideo } from './video-run.js';

export interface OpenaiEngineOptions {
  /** Where it listens, without `/v1`, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** What the server cannot say of its models: its list has names only. */
  readonly models: ModelList;
  /** How many runs it takes side by side. Default 1. */
  readonly slots?: number | undefined;
  readonly authorization?: string | undefined;
  /** How often a video is looked at. Default 1,000 ms. */
  readonly pollMs?: number;
  /** How long a picture may take. Default 30 minutes. */
  readonly runMs?: number;
}

const NAME = 'The server';

/** What each operation can be asked for beside words, size, steps, guidance and seed. */
const HONOURED: Readonly<Partial<Record<EngineRequest['operation'], ReadonlySet<OptionalField>>>> =
  {
    generate: new Set(),
    edit: new Set(['image', 'mask', 'strength']),
    video: new Set(['image']),
  };

/**
 * A server with OpenAI's routes for pictures and videos: vLLM-Omni, SGLang-diffusion, NIM and their
 * like. What of the request a model heeds is the server's affair; the description of the model says
 * what it can be asked.
 */
export class OpenaiEngine implements Engine {
  readonly #client: OpenaiClient;
  readonly #models: readonly DescribedModel[];
  readonly #slots: number;
  readonly #pollMs: number;
  readonly #runs = new Runs();
  /** `any`: the server has no list. */
  #served: ReadonlySet<string> | 'any' | undefined;

  /** @throws ConfigError for a model that is to do what such a server cannot */
  constructor(options: OpenaiEngineOptions) {
    const { models, slots = 1, pollMs = 1_000, runMs = 30 * 60_000 } = options;
    assertOperations(models, ['generate', 'edit', 'video']);
    this.#models = models.models;
    this.#slots = slots;
    this.#pollMs = pollMs;
    this.#client = new OpenaiClient(new EngineHttp({ ...options, name: NAME }), runMs);
  }

  get capabilities(): EngineCapabilities {
    const models = this.#models.filter((model) => this.#isServed(model));
    // Such servers load their model when they start.
    const warm = models.map(({ name }) => name);
    return {
      engine: 'openai',
      models: models.map((one) => offerOf(one)),
      warm,
      slots: this.#slots,
    };
  }

  /** Checks that the server has the model: it was loaded when the server started. */
  async load(model: string): Promise<void> {
    this.#runs.assertOpen();
    const described = modelNamed(this.#models, model);
    await this.#look();
    if (!this.#isServed(described)) throw missing(`the server does not serve ${model}`);
  }

  async run(
    request: EngineRequest,
    onProgress: (progress: EngineProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    return this.#runs.add(signal, async (either) => {
      const steps = new StepCount({ run: request.steps }, onProgress);
      const output = await this.#run(request, steps, either).catch((error: unknown) => {
        if (error instanceof EngineError && error.code === 'engine.not_found') {
          throw missing(
            `the server does not serve ${request.model}, or does no ${request.operation}`,
          );
        }
        throw error;
      });
      assertNotAborted(either);
      steps.finish();
      return output;
    });
  }

  async health(): Promise<{ ok: boolean; detail: string }> {
    if (this.#runs.closed) return { ok: false, detail: 'closed' };
    try {
      await this.#client.assertReady();
      await this.#look();
      const absent = this.#models.filter((model) => !this.#isServed(model));
      const lacking = absent.map(
        (model) => `${model.name}: the server has no ${engineNameOf(model)}`,
      );
      return { ok: true, detail: ['ready', ...lacking].join('; ') };
    } catch (error) {
      this.#served = undefined;
      return { ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Whoever started the server starts it again; its list is asked for anew. */
  async revive(): Promise<void> {
    this.#served = undefined;
  }

  async close(): Promise<void> {
    await this.#runs.close();
  }

  async #look(): Promise<void> {
    this.#served ??= (await this.#client.models()) ?? 'any';
  }

  #isServed(model: DescribedModel): boolean {
    if (this.#served === undefined) return false;
    return this.#served === 'any' || this.#served.has(engineNameOf(model));
  }

  async #run(request: EngineRequest, steps: StepCount, signal: AbortSignal): Promise<EngineOutput> {
    const model = modelNamed(this.#models, request.model);
    assertHonoured(request, model, HONOURED[request.operation] ?? new Set());
    assertNotAborted(signal);
    switch (request.operation) {
      case 'edit':
        return this.#edited(request, model, signal);
      case 'video':
        return this.#filmed(request, model, { steps, signal });
      default:
        return this.#generated(request, model, signal);
    }
  }

  async #generated(
    request: EngineRequest,
    model: DescribedModel,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    const drawn = stepped(request, model.size_step ?? 8);
    const made = await this.#client.generate(imageFields(request, model, drawn), signal);
    const output = await finished(made.bytes, request, (one) => fitted(one, drawn, request));
    return withPeak(output, made.peakVramBytes);
  }

  async #edited(
    request: EngineRequest,
    model: DescribedModel,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    const { image: given, mask: masked, strength = 1 } = request;
    if (given === undefined) throw invalid('an edit needs an image');
    if (strength !== 1) throw invalid(`${model.name} takes no strength below 1 here (edit)`);
    const image = await pictureAsPng(given);
    const mask = masked && (await maskAsPng(masked, image));
    const form = await editForm(request, model, { image, mask });
    const made = await this.#client.edit(form, signal);
    const output = await finished(made.bytes, request, async (one) => {
      const large = await fittedToImage(one, image);
      return masked === undefined ? large : keptOutside(large, { image: given, mask: masked });
    });
    return withPeak(output, made.peakVramBytes);
  }

  async #filmed(
    request: EngineRequest,
    model: DescribedModel,
    { steps, signal }: { steps: StepCount; signal: AbortSignal },
  ): Promise<EngineOutput> {
    const fields = videoFields(request, model);
    const image = request.image && (await pictureAsPng(request.image));
    const form = formOf(fields);
    if (image) form.set('input_reference', fileOf(image.bytes), 'image.png');
    const asJson = image === undefined && model.video_body === 'json';
    const submitted = await this.#client.submitVideo(asJson ? { json: fields } : { form });
    const onShare = (share: number): void => steps.report('run', share);
    const watch = { pollMs: this.#pollMs, onShare, signal };
    const { bytes, job } = await followVideo(this.#client, submitted, watch);
    return withPeak(await finished(bytes, request), bytesOf(job.peak_memory_mb));
  }
}

const withPeak = (output: EngineOutput, peakVramBytes: number | undefined): EngineOutput =>
  peakVramBytes === undefined ? output : { ...output, peakVramBytes };
