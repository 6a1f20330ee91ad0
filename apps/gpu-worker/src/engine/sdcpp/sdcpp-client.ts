import { z } from 'zod';
import { EngineError } from '../engine.js';
import { faultIn, jsonIn } from '../remote/answers.js';
import { type EngineHttp, MOST_OF_RESULT } from '../remote/engine-http.js';

const capabilities = z.object({
  model: z.object({ name: z.string().default(''), stem: z.string().default('') }),
  supported_modes: z.array(z.string()),
  samplers: z.array(z.string()).default([]),
  schedulers: z.array(z.string()).default([]),
  loras: z.array(z.object({ name: z.string(), path: z.string() })).default([]),
  limits: z.object({ max_width: z.int().positive(), max_height: z.int().positive() }),
  output_formats_by_mode: z.record(z.string(), z.array(z.string())).default({}),
});
export type SdcppCapabilities = z.output<typeof capabilities>;

const submitted = z.object({ id: z.string().min(1) });

const job = z.object({
  status: z.enum(['queued', 'generating', 'completed', 'failed', 'cancelled']),
  result: z
    .object({
      images: z.array(z.object({ b64_json: z.string() })).optional(),
      b64_json: z.string().optional(),
      mime_type: z.string().optional(),
      fps: z.number().positive().optional(),
      frame_count: z.int().positive().optional(),
    })
    .nullish(),
  error: z.object({ code: z.string(), message: z.string() }).partial().nullish(),
});
export type SdcppJob = z.output<typeof job>;
export type SdcppResult = NonNullable<SdcppJob['result']>;

export type Mode = 'img_gen' | 'vid_gen';

/** The native API of stable-diffusion.cpp's server. Every call throws as `EngineHttp` and `faultIn` say. */
export class SdcppClient {
  constructor(private readonly http: EngineHttp) {}

  /** @throws EngineError also `engine.unsupported`, for a server without the native API */
  async capabilities(): Promise<SdcppCapabilities> {
    const answer = await this.http.call('sdcpp/v1/capabilities');
    if (answer.status === 404) {
      throw new EngineError(
        'engine.unsupported',
        `${this.http.name} has no /sdcpp/v1: run a newer one, or use ENGINE=a1111 or ENGINE=openai for its other routes.`,
      );
    }
    return jsonIn(answer, capabilities, this.http.name);
  }

  /** @returns the job's id */
  async submit(mode: Mode, body: object): Promise<string> {
    const answer = await this.http.call(`sdcpp/v1/${mode}`, { json: body });
    return jsonIn(answer, submitted, this.http.name).id;
  }

  /** @throws EngineError also `engine.run_lost`, for a job that the server does not know any more */
  async job(id: string): Promise<SdcppJob> {
    const answer = await this.http.call(pathOf(id), { most: MOST_OF_RESULT });
    if (answer.status === 404 || answer.status === 410) {
      const message = `${this.http.name} has forgotten the run: it was restarted.`;
      throw new EngineError('engine.run_lost', message);
    }
    return jsonIn(answer, job, this.http.name);
  }

  /** @returns whether it is over: what generates cannot be stopped, and ends by itself */
  async cancel(id: string): Promise<boolean> {
    const answer = await this.http.call(`${pathOf(id)}/cancel`, { method: 'POST', json: {} });
    if (answer.status === 409) return false;
    if (answer.status === 404 || answer.status === 410 || answer.status < 300) return true;
    throw faultIn(answer, this.http.name);
  }
}

const pathOf = (id: string): string => `sdcpp/v1/jobs/${encodeURIComponent(id)}`;
