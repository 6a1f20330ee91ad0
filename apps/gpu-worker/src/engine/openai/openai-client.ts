import { z } from 'zod';
import { bytesIn, faultIn, jsonIn, sound } from '../remote/answers.js';
import { MOST_OF_RESULT, type EngineAnswer, type EngineHttp } from '../remote/engine-http.js';

const listing = z.object({ data: z.array(z.object({ id: z.string() })) });

const images = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish() })),
  peak_memory_mb: z.number().nullish(),
});

const videoJob = z.object({
  id: z.string().min(1),
  status: z.string(),
  progress: z.number().nullish(),
  error: z.unknown(),
  peak_memory_mb: z.number().nullish(),
});
export type VideoJob = z.output<typeof videoJob>;

export interface MadePicture {
  readonly bytes: Buffer;
  readonly peakVramBytes: number | undefined;
}

/** Where servers of this family say that they are ready; NIM's first, for it has the last one too. */
const HEALTH = ['health', 'v1/health/ready', 'v1/models'];

/** `/v1/images` and `/v1/videos` of OpenAI-style servers. Every call throws as `EngineHttp` and `faultIn` say. */
export class OpenaiClient {
  constructor(
    private readonly http: EngineHttp,
    /** How long a picture may take, in milliseconds: nothing comes before it is done. */
    private readonly runMs: number,
  ) {}

  /** @throws EngineError where the server says that it is not ready, or knows no way to ask */
  async assertReady(): Promise<void> {
    let answer: EngineAnswer | undefined;
    for (const path of HEALTH) {
      answer = await this.http.call(path);
      if (answer.status !== 404) break;
    }
    if (answer) sound(answer, this.http.name);
  }

  /** The names of what is served; undefined for a server without such a list. */
  async models(): Promise<ReadonlySet<string> | undefined> {
    const answer = await this.http.call('v1/models');
    if (answer.status === 404) return undefined;
    return new Set(jsonIn(answer, listing, this.http.name).data.map(({ id }) => id));
  }

  async generate(body: object, signal: AbortSignal): Promise<MadePicture> {
    return this.#picture('v1/images/generations', { json: body }, signal);
  }

  async edit(form: FormData, signal: AbortSignal): Promise<MadePicture> {
    return this.#picture('v1/images/edits', { form }, signal);
  }

  async submitVideo(body: { json: object } | { form: FormData }): Promise<VideoJob> {
    return jsonIn(await this.http.call('v1/videos', body), videoJob, this.http.name);
  }

  /** Undefined for a job that the server does not know, as after its restart. */
  async video(id: string, signal: AbortSignal): Promise<VideoJob | undefined> {
    const answer = await this.http.call(pathOf(id), { signal });
    return answer.status === 404 ? undefined : jsonIn(answer, videoJob, this.http.name);
  }

  async content(id: string, signal: AbortSignal): Promise<Buffer> {
    const most = { most: MOST_OF_RESULT };
    const answer = await this.http.call(`${pathOf(id)}/content`, { ...most, signal });
    return sound(answer, this.http.name).bytes;
  }

  /** Stops it where the server can, and has it forget the job and its file. */
  async forget(id: string): Promise<void> {
    const answer = await this.http.call(pathOf(id), { method: 'DELETE' });
    if (answer.status >= 400) throw faultIn(answer, this.http.name);
  }

  async #picture(
    path: string,
    body: { json: object } | { form: FormData },
    signal: AbortSignal,
  ): Promise<MadePicture> {
    const limits = { patienceMs: this.runMs, most: MOST_OF_RESULT };
    const answer = await this.http.call(path, { ...body, ...limits, signal });
    const { data, peak_memory_mb: peak } = jsonIn(answer, images, this.http.name);
    return { bytes: bytesIn(data[0]?.b64_json, this.http.name), peakVramBytes: bytesOf(peak) };
  }
}

const pathOf = (id: string): string => `v1/videos/${encodeURIComponent(id)}`;

/** Nobody says whether `mb` is of 1,000 or 1,024; 0 is what servers say that did not look. */
export const bytesOf = (megabytes: number | null | undefined): number | undefined =>
  megabytes === null || megabytes === undefined || megabytes <= 0
    ? undefined
    : Math.round(megabytes * 2 ** 20);
