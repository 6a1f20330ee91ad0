import { z } from 'zod';
import { EngineError } from '../engine.js';
import { bytesIn, jsonIn, sound } from '../remote/answers.js';
import { type EngineHttp, MOST_OF_RESULT } from '../remote/engine-http.js';

const models = z.array(z.object({ title: z.string(), model_name: z.string() }));
const samplers = z.array(z.object({ name: z.string(), aliases: z.array(z.string()).default([]) }));
const schedulers = z.array(z.object({ name: z.string(), label: z.string() }));
const named = z.array(z.object({ name: z.string() }));
const vaes = z.array(z.object({ model_name: z.string() }));
const embeddings = z.object({ loaded: z.record(z.string(), z.unknown()) });
const controlModels = z.object({ model_list: z.array(z.string()) });
const controlModules = z.object({ module_list: z.array(z.string()) });
const options = z.object({ sd_model_checkpoint: z.string().nullish() });

const made = z.object({ images: z.array(z.string()).nullish(), info: z.unknown() });
const enlarged = z.object({ image: z.string().nullish() });

const progress = z.object({
  progress: z.number(),
  state: z.object({
    interrupted: z.boolean().default(false),
    job_count: z.number().default(0),
    sampling_step: z.number().default(0),
    sampling_steps: z.number().default(0),
  }),
});
export type A1111Progress = z.output<typeof progress>;

/** What a WebUI has, by its own names; an extension that is not there has nothing. */
export interface A1111Inventory {
  readonly models: z.output<typeof models>;
  readonly samplers: z.output<typeof samplers>;
  readonly schedulers: z.output<typeof schedulers>;
  readonly loras: readonly string[];
  readonly vaes: readonly string[];
  readonly embeddings: readonly string[];
  readonly upscalers: readonly string[];
  readonly controlModels: readonly string[];
  readonly controlModules: readonly string[];
}

export interface MadeByA1111 {
  readonly bytes: Buffer;
  /** The seed that was used, where the answer says so. */
  readonly seed: number | undefined;
  /** The name of the checkpoint's file, where the answer says so. */
  readonly checkpoint: string | undefined;
}

/** Weights of many gigabytes, read from a slow disk. */
const LOADING_MS = 10 * 60_000;

/** `/sdapi/v1` of A1111's WebUI and its forks. Every call throws as `EngineHttp` and `faultIn` say. */
export class A1111Client {
  constructor(
    private readonly http: EngineHttp,
    /** How long a picture may take, in milliseconds: nothing comes before it is done. */
    private readonly runMs: number,
  ) {}

  async inventory(): Promise<A1111Inventory> {
    const namesOf = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);
    return {
      models: await this.#asked('sdapi/v1/sd-models', models),
      samplers: await this.#asked('sdapi/v1/samplers', samplers),
      schedulers: await this.#asked('sdapi/v1/schedulers', schedulers, []),
      loras: namesOf(await this.#asked('sdapi/v1/loras', named, [])),
      vaes: (await this.#asked('sdapi/v1/sd-vae', vaes, [])).map(({ model_name: name }) => name),
      embeddings: Object.keys(
        (await this.#asked('sdapi/v1/embeddings', embeddings, { loaded: {} })).loaded,
      ),
      upscalers: namesOf(await this.#asked('sdapi/v1/upscalers', named, [])),
      controlModels: (await this.#asked('controlnet/model_list', controlModels, { model_list: [] }))
        .model_list,
      controlModules: (
        await this.#asked('controlnet/module_list', controlModules, { module_list: [] })
      ).module_list,
    };
  }

  /** The title of the checkpoint that is loaded now. */
  async loaded(): Promise<string | undefined> {
    return (await this.#asked('sdapi/v1/options', options)).sd_model_checkpoint ?? undefined;
  }

  async load(title: string, signal: AbortSignal | undefined): Promise<void> {
    const json = { sd_model_checkpoint: title };
    const call = { json, patienceMs: LOADING_MS, signal };
    sound(await this.http.call('sdapi/v1/options', call), this.http.name);
  }

  /** @param until when it is not even waited for any more; the WebUI goes on by itself */
  async make(route: 'txt2img' | 'img2img', json: object, until: AbortSignal): Promise<MadeByA1111> {
    const limits = { patienceMs: this.runMs, most: MOST_OF_RESULT, signal: until };
    const answer = await this.http.call(`sdapi/v1/${route}`, { json, ...limits });
    const { images, info } = jsonIn(answer, made, this.http.name);
    return { bytes: bytesIn(images?.[0], this.http.name), ...toldIn(info) };
  }

  async enlarge(json: object, until: AbortSignal): Promise<Buffer> {
    const limits = { patienceMs: this.runMs, most: MOST_OF_RESULT, signal: until };
    const answer = await this.http.call('sdapi/v1/extra-single-image', { json, ...limits });
    return bytesIn(jsonIn(answer, enlarged, this.http.name).image, this.http.name);
  }

  async progress(): Promise<A1111Progress> {
    return this.#asked('sdapi/v1/progress?skip_current_image=true', progress);
  }

  /** Stops whatever runs before its next step: the WebUI knows one run only. */
  async interrupt(): Promise<void> {
    const call = { method: 'POST', json: {} } as const;
    sound(await this.http.call('sdapi/v1/interrupt', call), this.http.name);
  }

  /** @param absent what a WebUI without this route has */
  async #asked<S extends z.ZodType>(
    path: string,
    schema: S,
    absent?: z.output<S>,
  ): Promise<z.output<S>> {
    const answer = await this.http.call(path);
    if (answer.status !== 404) return jsonIn(answer, schema, this.http.name);
    if (absent !== undefined) return absent;
    throw new EngineError(
      'engine.unsupported',
      `${this.http.name} has no /${path.replace(/\?.*/, '')}: start it with --api.`,
    );
  }
}

const told = z.object({
  seed: z.int().min(0).max(0xffff_ffff).optional().catch(undefined),
  sd_model_name: z.string().optional().catch(undefined),
});

/** `info` is JSON in a string. */
function toldIn(info: unknown): Pick<MadeByA1111, 'seed' | 'checkpoint'> {
  const nothing = { seed: undefined, checkpoint: undefined };
  if (typeof info !== 'string') return nothing;
  try {
    const read = told.safeParse(JSON.parse(info));
    return read.success ? { seed: read.data.seed, checkpoint: read.data.sd_model_name } : nothing;
  } catch {
    return nothing;
  }
}
