import { randomUUID } from 'node:crypto';
import {
  EngineError,
  type Engine,
  type EngineCapabilities,
  type EngineOutput,
  type EngineProgress,
  type EngineRequest,
} from '../engine.js';
import { ComfyuiClient } from './client/comfyui-client.js';
import { ComfyuiSocket } from './client/comfyui-socket.js';
import { failureOf } from './client/faults.js';
import type { HistoryEntry } from './client/history.js';
import { Catalogue } from './models/catalogue.js';
import { assertRunnable } from './graph/check.js';
import type { Plan } from './graph/graph.js';
import { finished } from '../remote/finished.js';
import { resultIn } from './output/result-in.js';
import { FOLDER, prepareInputs } from './output/input-files.js';
import { Traces } from './output/traces.js';
import { Connection } from './run/connection.js';
import { PromptRun } from './run/prompt-run.js';
import { assertNotAborted } from '../remote/given-up-after.js';
import { Runs } from '../remote/runs.js';
import { StepCount } from '../remote/step-count.js';

export interface ComfyuiEngineOptions {
  /** Where ComfyUI listens, such as `http://127.0.0.1:8188`. */
  readonly url: string;
  /** JSON file that describes the models and their parts. */
  readonly modelsFile?: string | undefined;
  /** Folder of workflow templates: manifests and their graphs. */
  readonly workflowsFolder?: string | undefined;
  /** After how long without a frame the history is asked. Default 5,000 ms. */
  readonly silenceMs?: number;
  /** For how long ComfyUI may not answer before a run fails. Default 10,000 ms. */
  readonly awayMs?: number;
  /** Told what this ComfyUI lacks for which model, whenever that is another list than before. */
  readonly onLacking?: ((lacking: readonly string[]) => void) | undefined;
}

/**
 * ComfyUI by its classic API, which everybody runs: a graph for every request, followed by websocket,
 * with the history as the truth. While ComfyUI is away nothing is offered.
 *
 * @throws ConfigError for a faulty model file or workflow
 */
export const comfyuiEngine = (options: ComfyuiEngineOptions): Engine => new ComfyuiEngine(options);

export class ComfyuiEngine implements Engine {
  readonly #client: ComfyuiClient;
  readonly #clientId = randomUUID();
  readonly #socket: ComfyuiSocket;
  readonly #catalogue: Catalogue;
  readonly #connection: Connection;
  readonly #patience: { readonly silenceMs: number; readonly awayMs: number };
  readonly #onLacking: (lacking: readonly string[]) => void;
  #lacking = '';
  readonly #runs = new Runs();
  readonly #traces: Traces;
  /** ComfyUI keeps what the latest prompt used. */
  #warm: string | undefined;

  constructor({ url, modelsFile, workflowsFolder, onLacking, ...patience }: ComfyuiEngineOptions) {
    this.#catalogue = new Catalogue({ modelsFile, workflowsFolder });
    this.#client = new ComfyuiClient(url);
    this.#socket = new ComfyuiSocket(url, this.#clientId);
    this.#connection = new Connection(this.#client, this.#socket);
    this.#traces = new Traces(this.#client);
    this.#onLacking = onLacking ?? (() => undefined);
    this.#patience = { silenceMs: 5_000, awayMs: 10_000, ...patience };
  }

  get capabilities(): EngineCapabilities {
    const { info } = this.#connection;
    const models = info ? this.#catalogue.offered(info) : [];
    const warm = models.map(({ name }) => name).filter((name) => name === this.#warm);
    // A ComfyUI runs one prompt after the other.
    return { engine: 'comfyui', models, warm, slots: 1 };
  }

  /** Checks that the model's files are there; ComfyUI itself loads them with the first prompt. */
  async load(model: string): Promise<void> {
    this.#runs.assertOpen();
    this.#catalogue.assertThere(model, await this.#connection.objectInfo());
  }

  async run(
    request: EngineRequest,
    onProgress: (progress: EngineProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    return this.#runs.add(signal, (either) => this.#run(request, onProgress, either));
  }

  /** Asks anew what there is; whoever started ComfyUI starts it again. */
  async revive(): Promise<void> {
    this.#connection.forget();
    await this.#connection.objectInfo();
  }

  async health(): Promise<{ ok: boolean; detail: string }> {
    if (this.#runs.closed) return { ok: false, detail: 'closed' };
    try {
      const told = await this.#client.describe();
      const lacking = this.#catalogue.lacking(await this.#connection.objectInfo());
      const listed = lacking.join('; ');
      if (listed !== this.#lacking) this.#onLacking(lacking);
      this.#lacking = listed;
      return { ok: true, detail: [told, ...lacking].join('; ') };
    } catch (error) {
      return { ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {
    await this.#runs.close();
    await this.#traces.close();
    await this.#socket.close();
  }

  async #run(
    request: EngineRequest,
    onProgress: (progress: EngineProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    const promptId = randomUUID();
    const info = await this.#connection.objectInfo();
    const { pictures, files } = await prepareInputs(request, promptId);
    const prefix = `${FOLDER}/${promptId}`;
    const plan = this.#catalogue.plan(request, { pictures, info, prefix });
    assertRunnable(plan.graph, info);
    assertNotAborted(signal);
    try {
      const steps = new StepCount(plan.steps, onProgress);
      for (const { filename, bytes } of files) {
        await this.#client.upload({ name: filename, subfolder: FOLDER, bytes });
        assertNotAborted(signal);
      }
      const entry = await this.#follow(plan, { promptId, steps, signal });
      if (!entry.succeeded) throw failureOf(entry.messages);
      const file = resultIn(entry, plan.output, request.operation);
      const output = await finished(await this.#client.view(file), request);
      assertNotAborted(signal);
      steps.finish();
      this.#warm = request.model;
      return output;
    } catch (error) {
      this.#learnFrom(error);
      throw error;
    } finally {
      this.#traces.remove({ promptId, inputs: files.map(({ filename }) => filename) });
    }
  }

  async #follow(
    { graph }: Plan,
    { promptId, steps, signal }: { promptId: string; steps: StepCount; signal: AbortSignal },
  ): Promise<HistoryEntry> {
    await this.#socket.open();
    const { client, socket } = { client: this.#client, socket: this.#socket };
    const run = new PromptRun({ client, socket, ...this.#patience }, promptId, steps);
    // Listening comes first: the first frames may overtake the answer.
    const leave = socket.listen(promptId, {
      onFrame: (frame) => run.hear(frame),
      onGap: () => run.doubt(),
    });
    let known = promptId;
    try {
      known = await client.submit(graph, promptId, this.#clientId);
      return await run.end(signal);
    } catch (error) {
      // Also where nobody knows whether the server took it: a prompt without an owner would run on.
      await client.cancel(known).catch(() => undefined);
      throw error;
    } finally {
      leave();
    }
  }

  /** What a failure says about the server: files and nodes may have gone, memory was emptied. */
  #learnFrom(error: unknown): void {
    if (!(error instanceof EngineError)) return;
    const gone = ['engine.prompt_lost', 'engine.unreachable', 'engine.lost'];
    const forgotten = ['engine.out_of_memory', ...gone];
    if (forgotten.includes(error.code)) this.#warm = undefined;
    const changed = ['engine.model_missing', 'engine.node_missing', ...gone];
    if (changed.includes(error.code)) this.#connection.forget();
  }
}
