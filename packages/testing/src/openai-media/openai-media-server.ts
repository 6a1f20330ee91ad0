import { randomUUID } from 'node:crypto';
import { drawnPng } from '../engine-server/drawings.js';
import { formOf, HttpStage, jsonOf, type Reply, type Told } from '../engine-server/http-stage.js';
import { testFilm } from '../film/test-film.js';

export interface OpenaiMediaServerOptions {
  /** What `/v1/models` lists; `null`: the server has no such list. */
  readonly models?: readonly string[] | null;
  /** Lets in only who names it. */
  readonly apiKey?: string;
}

interface Job {
  readonly fields: Record<string, string>;
  status: 'queued' | 'in_progress' | 'completed' | 'failed';
  progress: number;
}

/**
 * The routes for pictures and videos that vLLM-Omni and SGLang-diffusion document (`/v1/images`,
 * `/v1/videos`), without a model: sizes, jobs and refusals are true. A video's job moves on each time
 * that it is looked at.
 */
export class OpenaiMediaServer {
  readonly stage: HttpStage;
  /** Not yet: the model is still being loaded. */
  loading = false;
  /** Makes pictures of this size, whatever is asked for. */
  drawsOnly: { width: number; height: number } | undefined;
  /** A test may hold a picture here. */
  onWork: (() => Promise<void>) | undefined;
  /** Jobs of videos stay where they are. */
  held = false;
  /** Why the next job fails. */
  failing: string | undefined;
  readonly jobs = new Map<string, Job>();

  private constructor(private readonly options: OpenaiMediaServerOptions) {
    this.stage = new HttpStage((told) => this.#answer(told));
  }

  static async start(options: OpenaiMediaServerOptions = {}): Promise<OpenaiMediaServer> {
    const server = new OpenaiMediaServer(options);
    await server.stage.start();
    return server;
  }

  get url(): string {
    return this.stage.url;
  }

  /** Jobs are in memory, and forgotten with it. */
  async restart(): Promise<void> {
    await this.stage.stop();
    this.jobs.clear();
    await this.stage.start();
  }

  close(): Promise<void> {
    return this.stage.stop();
  }

  async #answer(told: Told): Promise<Reply | undefined> {
    const { apiKey, models = ['test-model'] } = this.options;
    if (apiKey !== undefined && told.headers.authorization !== `Bearer ${apiKey}`) {
      return { status: 401, json: { error: 'Unauthorized' } };
    }
    const { method, path } = told;
    if (path === '/health') return this.loading ? NOT_READY : { json: {} };
    if (path === '/v1/models' && models) {
      return { json: { object: 'list', data: models.map((id) => ({ id, object: 'model' })) } };
    }
    if (this.loading) return NOT_READY;
    if (method === 'POST' && path === '/v1/images/generations') return this.#image(jsonOf(told));
    if (method === 'POST' && path === '/v1/images/edits') return this.#edited(told);
    if (method === 'POST' && path === '/v1/videos') return this.#film(told);
    const [, id = '', content] = /^\/v1\/videos\/([^/]+)(\/content)?$/.exec(path) ?? [];
    const job = this.jobs.get(id);
    if (!job) return undefined;
    if (content !== undefined) return filmOf(job);
    if (method === 'DELETE') {
      this.jobs.delete(id);
      return { json: { id, deleted: true, object: 'video.deleted' } };
    }
    this.#moveOn(job);
    return { json: this.#told(id, job) };
  }

  async #edited(told: Told): Promise<Reply> {
    const form = await formOf(told);
    if (!(form.get('image') instanceof File)) {
      return { status: 422, json: { detail: "Field 'image' or 'url' is required" } };
    }
    const text = [...form].filter((one): one is [string, string] => typeof one[1] === 'string');
    return this.#image(Object.fromEntries(text));
  }

  async #image(fields: Record<string, unknown>): Promise<Reply> {
    const refusal = this.#refusalOf(fields);
    if (refusal) return refusal;
    await this.onWork?.();
    const { width, height } = this.drawsOnly ?? sizeIn(fields['size']) ?? { width: 64, height: 64 };
    const bytes = await drawnPng(width, height, [fields['prompt'], fields['seed']]);
    const data = [{ b64_json: bytes.toString('base64'), url: null, revised_prompt: null }];
    return { json: { created: 1_700_000_000, data, peak_memory_mb: 2_048 } };
  }

  async #film(told: Told): Promise<Reply> {
    const isJson = told.headers['content-type'] === 'application/json';
    const form = isJson ? undefined : await formOf(told);
    const fields = form ? Object.fromEntries(form) : jsonOf(told);
    const refusal = this.#refusalOf(fields);
    if (refusal) return refusal;
    const id = `video_gen_${randomUUID().replaceAll('-', '')}`;
    const text = Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof File ? 'file' : String(value),
    ]);
    const job: Job = {
      ...{ fields: Object.fromEntries(text) as Record<string, string> },
      ...{ status: 'queued', progress: 0 },
    };
    this.jobs.set(id, job);
    return { json: this.#told(id, job) };
  }

  #moveOn(job: Job): void {
    if (this.held) return;
    if (this.failing !== undefined) job.status = 'failed';
    else if (job.progress >= 50) Object.assign(job, { status: 'completed', progress: 100 });
    else Object.assign(job, { status: 'in_progress', progress: job.progress + 25 });
  }

  #told(id: string, { fields, status, progress }: Job) {
    const error =
      status === 'failed' ? { code: 'generation_error', message: this.failing ?? '' } : null;
    return {
      ...{ id, object: 'video', status, progress, error, model: fields['model'] },
      ...{ prompt: fields['prompt'], seconds: fields['seconds'] ?? '4', created_at: 1_700_000_000 },
      ...{ peak_memory_mb: status === 'completed' ? 4_096 : 0 },
    };
  }

  #refusalOf(fields: Record<string, unknown>): Reply | undefined {
    const { models = ['test-model'] } = this.options;
    if (typeof fields['prompt'] !== 'string') {
      const missing = { loc: ['body', 'prompt'], msg: 'field required', type: 'missing' };
      return { status: 422, json: { detail: [missing] } };
    }
    if (models && !models.includes(String(fields['model']))) {
      return { status: 400, json: { detail: `Model mismatch: ${String(fields['model'])}` } };
    }
    if (!sizeIn(fields['size'])) {
      return { status: 400, json: { detail: `Invalid size format: '${String(fields['size'])}'.` } };
    }
    const steps = Number(fields['num_inference_steps'] ?? 1);
    return steps <= 200
      ? undefined
      : { status: 422, json: { detail: 'num_inference_steps <= 200' } };
  }
}

const NOT_READY: Reply = { status: 503, json: { detail: 'Diffusion engine not initialized.' } };

function sizeIn(size: unknown): { width: number; height: number } | undefined {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(typeof size === 'string' ? size : '') ?? [];
  return width === undefined ? undefined : { width: Number(width), height: Number(height) };
}

async function filmOf({ fields, status }: Job): Promise<Reply | undefined> {
  if (status !== 'completed') return undefined;
  const { width = 64, height = 64 } = sizeIn(fields['size']) ?? {};
  const fps = Number(fields['fps'] ?? 24);
  const frames = Number(fields['num_frames'] ?? Number(fields['seconds'] ?? 4) * fps);
  return { bytes: await testFilm({ width, height, frames, fps, xmp: null }), type: 'video/mp4' };
}
