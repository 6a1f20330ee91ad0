import { z } from 'zod';
import { EngineError } from '../../engine.js';
import { jsonIn } from '../../remote/answers.js';
import {
  EngineHttp,
  MOST_OF_RESULT,
  type Call,
  type EngineAnswer,
} from '../../remote/engine-http.js';
import type { Graph } from '../graph/graph.js';
import { hasNodeErrors, refusalOf } from './faults.js';
import { readHistory, type HistoryEntry, type StoredFile } from './history.js';
import { readObjectInfo, type ObjectInfo } from './object-info.js';

/** No call but a file's way takes long: runs are followed, not waited for. In milliseconds. */
const WITHIN_MS = 30_000;
/** Most bytes of `/object_info`: a ComfyUI with many nodes and files has tens of megabytes to tell. */
const MOST_OF_NODES = 128 * 2 ** 20;
/** Most bytes of a history entry: it repeats the graph and names what every node has left. */
const MOST_OF_HISTORY = 16 * 2 ** 20;
const NAME = 'ComfyUI';

const submitted = z.object({ prompt_id: z.string() }).loose();
const uploaded = z.object({ name: z.string(), subfolder: z.string().default('') });
const queue = z.object({
  queue_running: z.array(z.unknown()),
  queue_pending: z.array(z.unknown()),
});
const listed = (entry: unknown, promptId: string): boolean =>
  Array.isArray(entry) && entry[1] === promptId;
/** For a line of text: whatever cannot be read there is left out. */
const stats = z.object({
  system: z.object({ comfyui_version: z.string().optional() }).catch({}),
  devices: z
    .array(
      z.object({ name: z.string().catch('?'), vram_free: z.number().optional().catch(undefined) }),
    )
    .catch([]),
});
const anything = z.record(z.string(), z.unknown());

/**
 * ComfyUI's classic HTTP API. Every call throws `EngineLost` when nobody listens there any more, and
 * EngineError `engine.unreachable` (nobody answers in time), `engine.fault` (an answer of 400 or more),
 * `engine.answer_unreadable`, `engine.answer_too_large`.
 */
export class ComfyuiClient {
  readonly #http: EngineHttp;

  /** @param withinMs how long a call may take, its answer included */
  constructor(
    url: string,
    private readonly withinMs = WITHIN_MS,
  ) {
    this.#http = new EngineHttp({ url, name: NAME });
  }

  async objectInfo(): Promise<ObjectInfo> {
    return readObjectInfo(await this.#json('object_info', anything, { most: MOST_OF_NODES }));
  }

  /**
   * @returns the prompt's id, which is ours where the server takes one
   * @throws EngineError as `refusalOf` says; also where only some outputs were refused (the rest is
   *   cancelled then: half of a job is none)
   */
  async submit(graph: Graph, promptId: string, clientId: string): Promise<string> {
    const json = { prompt: graph, prompt_id: promptId, client_id: clientId };
    const answer = await this.#call('prompt', { json });
    if (answer.status >= 500) throw serverFault(answer);
    const told = plainJson(answer);
    if (answer.status >= 300) throw refusalOf(told);
    const read = submitted.safeParse(told);
    const id = read.success ? read.data.prompt_id : promptId;
    if (!hasNodeErrors(told)) return id;
    await this.cancel(id);
    throw refusalOf(told);
  }

  /** Undefined while it is pending or running, and for a prompt that the server does not know. */
  async history(promptId: string): Promise<HistoryEntry | undefined> {
    const path = `history/${encodeURIComponent(promptId)}`;
    const answer = await this.#json(path, anything, { most: MOST_OF_HISTORY });
    const entry = answer[promptId];
    if (entry === undefined) return undefined;
    const read = readHistory(entry);
    if (read) return read;
    const message = `${NAME} told the end of a run in a way that cannot be read.`;
    throw new EngineError('engine.answer_unreadable', message);
  }

  async standing(promptId: string): Promise<'running' | 'pending' | 'absent'> {
    const { queue_running: running, queue_pending: pending } = await this.#json('queue', queue, {
      most: MOST_OF_HISTORY,
    });
    if (running.some((entry) => listed(entry, promptId))) return 'running';
    return pending.some((entry) => listed(entry, promptId)) ? 'pending' : 'absent';
  }

  /** Takes a prompt out of the queue, or stops it before its next step; leaves all others alone. */
  async cancel(promptId: string): Promise<void> {
    await this.#call('queue', { json: { delete: [promptId] } });
    // Older servers interrupt whatever runs, so it is asked for only while it is ours.
    if ((await this.standing(promptId)) !== 'running') return;
    await this.#call('interrupt', { json: { prompt_id: promptId } });
  }

  /** Makes the server forget a prompt that has ended: its graph with the words, and what it left. */
  async forget(promptId: string): Promise<void> {
    await this.#sound('history', { json: { delete: [promptId] } });
  }

  /**
   * Puts a file into one of the server's folders, over whatever has its name there.
   *
   * @returns the name by which nodes load it
   */
  async upload(file: UploadedFile): Promise<string> {
    const form = new FormData();
    const blob = new Blob([new Uint8Array(file.bytes)], { type: 'image/png' });
    form.set('image', blob, file.name);
    form.set('type', file.type ?? 'input');
    form.set('subfolder', file.subfolder);
    form.set('overwrite', 'true');
    const { name, subfolder } = await this.#json('upload/image', uploaded, { form });
    return subfolder === '' ? name : `${subfolder}/${name}`;
  }

  async view({ filename, subfolder, type }: StoredFile): Promise<Uint8Array> {
    const query = new URLSearchParams({ filename, subfolder, type });
    const answer = await this.#sound(`view?${query.toString()}`, { most: MOST_OF_RESULT });
    return answer.bytes;
  }

  /** A line for whoever looks after the worker. */
  async describe(): Promise<string> {
    const { system, devices } = await this.#json('system_stats', stats);
    const told = devices.map(({ name, vram_free: free = 0 }) => {
      const gib = (free / 2 ** 30).toFixed(1);
      return `${name}, ${gib} GiB free`;
    });
    return [`ComfyUI ${system.comfyui_version ?? 'of unknown version'}`, ...told].join('; ');
  }

  async #json<S extends z.ZodType>(path: string, schema: S, call?: Call): Promise<z.output<S>> {
    return jsonIn(await this.#sound(path, call), schema, NAME);
  }

  async #sound(path: string, call?: Call): Promise<EngineAnswer> {
    const answer = await this.#call(path, call);
    if (answer.status < 200 || answer.status > 299) throw serverFault(answer);
    return answer;
  }

  #call(path: string, call: Call = {}): Promise<EngineAnswer> {
    return this.#http.call(path, { withinMs: this.withinMs, ...call });
  }
}

/** A file to be put into one of the folders of a server; `input` where no other is named. */
export interface UploadedFile {
  readonly name: string;
  readonly subfolder: string;
  readonly type?: string;
  readonly bytes: Uint8Array;
}

/** Whatever the status: none of these calls can be wrong by what a customer asked for. */
const serverFault = ({ status }: EngineAnswer): EngineError =>
  new EngineError('engine.fault', `ComfyUI answered ${status}.`);

/** Undefined for what is no JSON, as from a proxy: a refusal may come without a reason. */
function plainJson({ bytes }: EngineAnswer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
