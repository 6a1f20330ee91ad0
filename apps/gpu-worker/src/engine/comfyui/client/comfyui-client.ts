import { z } from 'zod';
import { EngineError, EngineLost } from '../../engine.js';
import type { Graph } from '../graph/graph.js';
import { hasNodeErrors, refusalOf } from './faults.js';
import { readObjectInfo, type ObjectInfo } from './object-info.js';

/** No call but a file's way takes long: runs are followed, not waited for. */
const PATIENCE_MS = 30_000;

const storedFile = z.object({
  filename: z.string(),
  subfolder: z.string().default(''),
  type: z.string().default('output'),
});
export type StoredFile = z.output<typeof storedFile>;

const nodeOutput = z
  .object({ images: z.array(storedFile) })
  .partial()
  .loose();
const historyEntry = z.object({
  outputs: z.record(z.string(), nodeOutput),
  status: z.object({
    status_str: z.string(),
    completed: z.boolean(),
    messages: z.array(z.tuple([z.string(), z.unknown()])),
  }),
});
export type HistoryEntry = z.output<typeof historyEntry>;

const submitted = z.object({ prompt_id: z.string() }).loose();
const uploaded = z.object({ name: z.string(), subfolder: z.string().default('') });
const queueEntry = z.tuple([z.number(), z.string()]).rest(z.unknown());
const queue = z.object({
  queue_running: z.array(queueEntry),
  queue_pending: z.array(queueEntry),
});
const stats = z.object({
  system: z.object({ comfyui_version: z.string().optional() }),
  devices: z.array(z.object({ name: z.string(), vram_free: z.number().optional() })),
});

/**
 * ComfyUI's classic HTTP API. Every call throws `engine.unreachable` when nobody answers in time, and
 * `EngineLost` when nobody listens there any more.
 */
export class ComfyuiClient {
  readonly #base: string;

  constructor(url: string) {
    this.#base = url.replace(/\/+$/, '');
  }

  async objectInfo(): Promise<ObjectInfo> {
    return readObjectInfo(await this.#json('object_info'));
  }

  /**
   * @returns the prompt's id, which is ours where the server takes one
   * @throws EngineError as `refusalOf` says; also where only some outputs were refused (the rest is
   *   cancelled then: half of a job is none)
   */
  async submit(graph: Graph, promptId: string, clientId: string): Promise<string> {
    const body = { prompt: graph, prompt_id: promptId, client_id: clientId };
    const response = await this.#send('prompt', jsonBody(body));
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok && response.status >= 500) throw serverFault(response.status);
    if (!response.ok) throw refusalOf(answer);
    const read = submitted.safeParse(answer);
    const id = read.success ? read.data.prompt_id : promptId;
    if (!hasNodeErrors(answer)) return id;
    await this.cancel(id);
    throw refusalOf(answer);
  }

  /** Undefined while it is pending or running, and for a prompt that the server does not know. */
  async history(promptId: string): Promise<HistoryEntry | undefined> {
    const answer = z
      .record(z.string(), z.unknown())
      .parse(await this.#json(`history/${encodeURIComponent(promptId)}`));
    const entry = answer[promptId];
    return entry === undefined ? undefined : historyEntry.parse(entry);
  }

  async standing(promptId: string): Promise<'running' | 'pending' | 'absent'> {
    const { queue_running: running, queue_pending: pending } = queue.parse(
      await this.#json('queue'),
    );
    if (running.some(([, id]) => id === promptId)) return 'running';
    return pending.some(([, id]) => id === promptId) ? 'pending' : 'absent';
  }

  /** Takes a prompt out of the queue, or stops it before its next step; leaves all others alone. */
  async cancel(promptId: string): Promise<void> {
    await this.#send('queue', jsonBody({ delete: [promptId] }));
    // Older servers interrupt whatever runs, so it is asked for only while it is ours.
    if ((await this.standing(promptId)) !== 'running') return;
    await this.#send('interrupt', jsonBody({ prompt_id: promptId }));
  }

  /** @returns the name by which nodes load it */
  async upload(file: { name: string; subfolder: string; bytes: Uint8Array }): Promise<string> {
    const form = new FormData();
    const blob = new Blob([new Uint8Array(file.bytes)], { type: 'image/png' });
    form.set('image', blob, file.name);
    form.set('type', 'input');
    form.set('subfolder', file.subfolder);
    form.set('overwrite', 'true');
    const response = await this.#sound('upload/image', { method: 'POST', body: form });
    const { name, subfolder } = uploaded.parse(await response.json());
    return subfolder === '' ? name : `${subfolder}/${name}`;
  }

  async view({ filename, subfolder, type }: StoredFile): Promise<Uint8Array> {
    const query = new URLSearchParams({ filename, subfolder, type });
    const response = await this.#sound(`view?${query.toString()}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** A line for whoever looks after the worker. */
  async describe(): Promise<string> {
    const { system, devices } = stats.parse(await this.#json('system_stats'));
    const told = devices.map(({ name, vram_free: free = 0 }) => {
      const gib = (free / 2 ** 30).toFixed(1);
      return `${name}, ${gib} GiB free`;
    });
    return [`ComfyUI ${system.comfyui_version ?? 'of unknown version'}`, ...told].join('; ');
  }

  async #json(path: string): Promise<unknown> {
    return (await this.#sound(path)).json();
  }

  async #sound(path: string, init?: RequestInit): Promise<Response> {
    const response = await this.#send(path, init);
    if (!response.ok) throw serverFault(response.status);
    return response;
  }

  async #send(path: string, init?: RequestInit): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      return await fetch(`${this.#base}/${path}`, { ...init, signal, redirect: 'error' });
    } catch (error) {
      if (isRefused(error)) throw new EngineLost('ComfyUI is not running.', { cause: error });
      throw new EngineError('engine.unreachable', 'ComfyUI does not answer.', { cause: error });
    }
  }
}

/** Nothing listens at the address: the process is gone. */
function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}

const serverFault = (status: number): EngineError =>
  new EngineError('engine.fault', `ComfyUI answered ${status}.`);

const jsonBody = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
