import { setImmediate as turn } from 'node:timers/promises';
import sharp from 'sharp';
import { drawnPng, signedPng } from '../engine-server/drawings.js';
import { HttpStage, jsonOf, type Reply, type Told } from '../engine-server/http-stage.js';

export interface A1111ServerOptions {
  readonly checkpoints?: readonly string[];
  readonly loras?: readonly string[];
  readonly vaes?: readonly string[];
  readonly embeddings?: readonly string[];
  readonly controlModels?: readonly string[];
  /** Before 1.9 schedulers were part of the samplers' names. */
  readonly isOld?: boolean;
  /** `user:password`, as `--api-auth` has it. */
  readonly auth?: string;
}

const SAMPLERS = [
  'Euler',
  'Euler a',
  'LMS',
  'Heun',
  'DPM2',
  'DPM++ 2M',
  'DPM++ SDE',
  'DDIM',
  'UniPC',
];

const named = (names: readonly string[]) => names.map((name) => ({ name }));

/**
 * `/sdapi/v1` of A1111's WebUI, from its source (`modules/api/api.py`): one run at a time under one
 * lock, one progress and one interrupt for all. It draws without a model.
 */
export class A1111Server {
  readonly stage: HttpStage;
  /** Called before every step: a test may hold the run there. */
  onStep: ((step: number) => Promise<void> | void) | undefined;
  /** Called before a run begins, when an interrupt is forgotten yet. */
  beforeRun: (() => Promise<void>) | undefined;
  loaded: string;
  #interrupted = false;
  #state = { job_count: 0, sampling_step: 0, sampling_steps: 0 };
  #lock: Promise<unknown> = Promise.resolve();

  private constructor(private readonly options: A1111ServerOptions) {
    this.stage = new HttpStage((told) => this.#answer(told));
    this.loaded = this.#titles[0] ?? '';
  }

  static async start(options: A1111ServerOptions = {}): Promise<A1111Server> {
    const server = new A1111Server(options);
    await server.stage.start();
    return server;
  }

  get url(): string {
    return this.stage.url;
  }

  close(): Promise<void> {
    return this.stage.stop();
  }

  get #checkpoints(): readonly string[] {
    return this.options.checkpoints ?? ['test-model', 'other-model'];
  }

  get #titles(): string[] {
    return this.#checkpoints.map((name) => `${name}.safetensors [0123456789]`);
  }

  async #answer(told: Told): Promise<Reply | undefined> {
    const { auth } = this.options;
    const wanted = auth && `Basic ${Buffer.from(auth).toString('base64')}`;
    if (wanted !== undefined && told.headers.authorization !== wanted) {
      return { status: 401, json: { detail: 'Incorrect username or password' } };
    }
    const route = `${told.method} ${told.path.replace('/sdapi/v1', '')}`;
    const listed = this.#lists()[route];
    if (listed !== undefined) return { json: listed };
    switch (route) {
      case 'GET /progress':
        return { json: this.#progress() };
      case 'POST /interrupt':
        this.#interrupted = true;
        return { json: {} };
      case 'POST /options':
        return this.#load(jsonOf(told)['sd_model_checkpoint']);
      case 'POST /txt2img':
      case 'POST /img2img':
        return this.#make(jsonOf(told), told.path.endsWith('/img2img'));
      case 'POST /extra-single-image':
        return this.#enlarge(jsonOf(told));
      default:
        return undefined;
    }
  }

  #lists(): Readonly<Record<string, unknown>> {
    const { loras = [], vaes = [], embeddings = [], controlModels, isOld } = this.options;
    const models = this.#checkpoints.map((name, at) => ({
      ...{ title: this.#titles[at], model_name: name, hash: '0123456789', config: null },
    }));
    const old = ['DPM++ 2M Karras', 'LMS Karras'];
    const samplers = isOld === true ? [...SAMPLERS, ...old] : SAMPLERS;
    const schedulers = ['automatic', 'karras', 'exponential'].map((name) => ({
      ...{ name, label: name.replace(/^./, (letter) => letter.toUpperCase()) },
    }));
    return {
      'GET /sd-models': models,
      'GET /samplers': samplers.map((name) => ({ name, aliases: [], options: {} })),
      ...(isOld === true ? {} : { 'GET /schedulers': schedulers }),
      'GET /loras': named(loras),
      'GET /sd-vae': vaes.map((model_name) => ({ model_name, filename: `/vae/${model_name}` })),
      'GET /embeddings': { loaded: Object.fromEntries(embeddings.map((one) => [one, {}])) },
      'GET /upscalers': named(['None', 'Lanczos', 'R-ESRGAN 4x+']),
      'GET /options': { sd_model_checkpoint: this.loaded, samples_format: 'png' },
      ...(controlModels && {
        'GET /controlnet/model_list': { model_list: controlModels },
        'GET /controlnet/module_list': { module_list: ['none', 'canny'] },
      }),
    };
  }

  #load(title: unknown): Reply {
    if (!this.#titles.includes(String(title))) {
      return {
        status: 500,
        json: { error: 'RuntimeError', errors: `model ${String(title)} not found` },
      };
    }
    this.loaded = String(title);
    return { json: null };
  }

  async #make(body: Record<string, unknown>, fromImage: boolean): Promise<Reply> {
    if (fromImage && !Array.isArray(body['init_images'])) {
      return { status: 404, json: { error: 'HTTPException', detail: 'Init image not found' } };
    }
    const { sampler_name: sampler = 'Euler' } = body as { sampler_name?: string };
    const known = [...SAMPLERS, ...SAMPLERS.map((name) => `${name} Karras`)];
    if (!known.includes(sampler)) {
      return { status: 400, json: { error: 'HTTPException', detail: 'Sampler not found' } };
    }
    return this.#locked(() => this.#drawn(body));
  }

  async #drawn(body: Record<string, unknown>): Promise<Reply> {
    const settings = (body['override_settings'] ?? {}) as { sd_model_checkpoint?: string };
    const wanted = settings.sd_model_checkpoint ?? '';
    // One that it does not know is passed over in silence.
    if (this.#titles.includes(wanted)) this.loaded = wanted;
    await this.beforeRun?.();
    this.#interrupted = false;
    await this.#sample(Number(body['steps']));
    const { width, height, seed } = body as { width: number; height: number; seed: number };
    const note = `${String(body['prompt'])}\nSteps: ${String(body['steps'])}`;
    const bytes = await signedPng(width, height, { note });
    const sd_model_name = this.loaded.replace(/\.safetensors.*/, '');
    const info = JSON.stringify({ prompt: body['prompt'], seed, sd_model_name });
    return { json: { images: [bytes.toString('base64')], parameters: {}, info } };
  }

  async #sample(steps: number): Promise<void> {
    this.#state = { job_count: 1, sampling_step: 0, sampling_steps: steps };
    for (let step = 1; step <= steps; step += 1) {
      await turn();
      await this.onStep?.(step);
      if (this.#interrupted) break;
      this.#state.sampling_step = step;
    }
    this.#state = { job_count: 0, sampling_step: 0, sampling_steps: 0 };
  }

  async #enlarge(body: Record<string, unknown>): Promise<Reply> {
    return this.#locked(async () => {
      await this.beforeRun?.();
      const bytes = Buffer.from(String(body['image']), 'base64');
      const { width, height } = await sharp(bytes).metadata();
      const scale = Number(body['upscaling_resize']);
      const made = await drawnPng(width * scale, height * scale, body['upscaler_1']);
      return { json: { html_info: '', image: made.toString('base64') } };
    });
  }

  #locked(work: () => Promise<Reply>): Promise<Reply> {
    const done = this.#lock.then(work);
    this.#lock = done.catch(() => undefined);
    return done;
  }

  #progress() {
    const { job_count: count, sampling_step: step, sampling_steps: steps } = this.#state;
    const state = { ...this.#state, interrupted: this.#interrupted, skipped: false, job: '' };
    const progress = count === 0 ? 0 : 0.01 + step / Math.max(1, steps);
    return { progress, eta_relative: 0, state, current_image: null, textinfo: null };
  }
}
