import { setImmediate as turn } from 'node:timers/promises';
import { drawnJpeg, signedPng } from '../engine-server/drawings.js';
import { HttpStage, jsonOf, type Reply, type Told } from '../engine-server/http-stage.js';
import { writeAvi } from './avi-writer.js';

export interface SdcppServerOptions {
  /** The stem of the model's file. */
  readonly model?: string;
  readonly modes?: readonly ('img_gen' | 'vid_gen')[];
  readonly loras?: readonly { name: string; path: string }[];
  /** A server from before the native API. */
  readonly isOld?: boolean;
}

interface Job {
  readonly id: string;
  readonly kind: 'img_gen' | 'vid_gen';
  readonly body: Record<string, unknown>;
  status: 'queued' | 'generating' | 'completed' | 'failed' | 'cancelled';
  result: unknown;
  error: { code: string; message: string } | null;
}

const SAMPLERS = ['euler', 'euler_a', 'heun', 'dpm2', 'dpm++2s_a', 'dpm++2m', 'ddim_trailing'];
const MOST_PENDING = 4;

/**
 * The native API of stable-diffusion.cpp's server, from its `api.md` and source (`routes_sdcpp.cpp`,
 * `async_jobs.cpp`): one job at a time, a queue, no way to stop what generates. It draws without a model.
 */
export class SdcppServer {
  readonly stage: HttpStage;
  readonly jobs = new Map<string, Job>();
  /** Called while a job generates: a test may hold it there. */
  onGenerate: (() => Promise<void>) | undefined;
  /** Why the next job fails. */
  failing: string | undefined;
  /** What the next video is, instead of an AVI. */
  film: Buffer | undefined;
  #next = 1;
  #queue: Job[] = [];
  #working = false;

  private constructor(private readonly options: SdcppServerOptions) {
    this.stage = new HttpStage((told) => this.#answer(told));
  }

  static async start(options: SdcppServerOptions = {}): Promise<SdcppServer> {
    const server = new SdcppServer(options);
    await server.stage.start();
    return server;
  }

  get url(): string {
    return this.stage.url;
  }

  /** All jobs are in memory, and forgotten with it. */
  async restart(): Promise<void> {
    await this.stage.stop();
    this.jobs.clear();
    this.#queue = [];
    await this.stage.start();
  }

  close(): Promise<void> {
    return this.stage.stop();
  }

  async #answer(told: Told): Promise<Reply | undefined> {
    const [, route = '', id = '', action] =
      /^\/sdcpp\/v1\/([a-z_]+)(?:\/([\w-]+))?(?:\/(cancel))?$/.exec(told.path) ?? [];
    if (this.options.isOld === true || route === '') return undefined;
    if (route === 'capabilities') return { json: this.#capabilities() };
    if (route === 'img_gen' || route === 'vid_gen') return this.#submit(route, told);
    const job = this.jobs.get(id);
    if (!job) return { status: 404, json: { error: 'job not found' } };
    return action === undefined ? { json: this.#told(job) } : this.#cancel(job);
  }

  #submit(kind: Job['kind'], told: Told): Reply {
    const body = jsonOf(told);
    const { modes = ['img_gen'] } = this.options;
    if (!modes.includes(kind)) return { status: 400, json: { error: `${kind} is not supported` } };
    const refusal = this.#refusalOf(kind, body);
    if (refusal !== undefined) return { status: 400, json: { error: refusal } };
    const pending = [...this.jobs.values()].filter(({ status }) => UNDER_WAY.has(status));
    if (pending.length >= MOST_PENDING) {
      return { status: 429, json: { error: 'job queue is full' } };
    }
    const id = `job_${String(this.#next).padStart(8, '0')}`;
    this.#next += 1;
    const job: Job = { id, kind, body, status: 'queued', result: null, error: null };
    this.jobs.set(id, job);
    this.#queue.push(job);
    if (!this.#working) void this.#work();
    const poll_url = `/sdcpp/v1/jobs/${id}`;
    return { status: 202, json: { id, kind, status: 'queued', created: 1_700_000_000, poll_url } };
  }

  #refusalOf(kind: Job['kind'], body: Record<string, unknown>): string | undefined {
    const {
      sample_params: sampling,
      lora,
      output_format: format,
    } = body as {
      sample_params?: { sample_method?: string };
      lora?: { path: string }[];
      output_format?: string;
    };
    const { loras = [] } = this.options;
    const method = sampling?.sample_method;
    const isSound =
      (method === undefined || SAMPLERS.includes(method)) &&
      (lora ?? []).every(({ path }) => loras.some((one) => one.path === path));
    if (!isSound) return 'invalid generation parameters';
    const formats = kind === 'img_gen' ? ['png', 'jpeg'] : ['avi'];
    return formats.includes(format ?? '') ? undefined : 'invalid output_format';
  }

  #cancel(job: Job): Reply {
    if (job.status === 'generating') {
      const error = 'job is currently generating and cannot be interrupted yet';
      return { status: 409, json: { error } };
    }
    if (job.status === 'queued') {
      this.#queue = this.#queue.filter((one) => one !== job);
      job.status = 'cancelled';
      job.error = { code: 'cancelled', message: 'job cancelled by client' };
    }
    return { json: this.#told(job) };
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      job.status = 'generating';
      await turn();
      await this.onGenerate?.();
      await this.#finish(job).catch((error: unknown) => fail(job, String(error)));
    }
    this.#working = false;
  }

  async #finish(job: Job): Promise<void> {
    if (this.failing !== undefined) {
      fail(job, this.failing);
      return;
    }
    job.result = job.kind === 'img_gen' ? await picture(job.body) : await this.#video(job.body);
    job.status = 'completed';
  }

  async #video(body: Record<string, unknown>) {
    const { width, height, fps } = body as { width: number; height: number; fps: number };
    // The largest 4n + 1 that is not more.
    const count = Math.floor((Number(body['video_frames']) - 1) / 4) * 4 + 1;
    const frames: Buffer[] = [];
    for (let at = 0; at < count; at += 1) frames.push(await drawnJpeg(width, height, [at, body]));
    const film = this.film ?? writeAvi({ width, height, fps, frames });
    const b64_json = film.toString('base64');
    const told = { output_format: 'avi', mime_type: 'video/x-msvideo', fps, frame_count: count };
    return { ...told, b64_json };
  }

  #told({ id, kind, status, result, error }: Job) {
    const queue_position = status === 'queued' ? 1 : 0;
    return { id, kind, status, created: 1_700_000_000, queue_position, result, error };
  }

  #capabilities() {
    const { model = 'test-model', modes = ['img_gen'], loras = [] } = this.options;
    const formats = { img_gen: ['png', 'jpeg'], vid_gen: ['avi'] };
    return {
      model: { name: `${model}.safetensors`, stem: model, path: `/models/${model}.safetensors` },
      ...{ current_mode: modes[0], supported_modes: modes, output_formats_by_mode: formats },
      ...{ samplers: SAMPLERS, schedulers: ['discrete', 'karras'], loras },
      limits: { min_width: 64, max_width: 4_096, min_height: 64, max_height: 4_096 },
      features: { cancel_queued: true, cancel_generating: false },
    };
  }
}

const UNDER_WAY = new Set(['queued', 'generating']);

function fail(job: Job, message: string): void {
  job.error = { code: 'generation_failed', message };
  job.status = 'failed';
}

async function picture(body: Record<string, unknown>) {
  const { width, height } = body as { width: number; height: number };
  const note = body['embed_image_metadata'] === false ? '' : String(body['prompt']);
  const bytes = await signedPng(width, height, { note });
  return { output_format: 'png', images: [{ index: 0, b64_json: bytes.toString('base64') }] };
}
