import { setImmediate as turn } from 'node:timers/promises';
import { Broken, Execution, Interrupted, type Prompt, type Stage } from './execute.js';

/** The exceptions by which a real server says that the GPU's memory is full. */
const OUT_OF_MEMORY = /OutOfMemory/;

export interface HistoryEntry {
  readonly prompt: readonly unknown[];
  readonly outputs: Record<string, unknown>;
  readonly status: {
    readonly status_str: 'success' | 'error';
    readonly completed: boolean;
    readonly messages: readonly (readonly [string, unknown])[];
  };
  readonly meta: Record<string, unknown>;
}

export interface QueueParts {
  /** Everything an execution needs but what belongs to one prompt. */
  readonly stage: () => Omit<Stage, 'send' | 'tell' | 'preview' | 'interrupted' | 'cache'>;
  readonly send: (type: string, data: unknown, clientId: string | undefined) => void;
  readonly preview: (prompt: Prompt, nodeId: string) => void;
  /** Held between a run's end and its entry in the history. */
  readonly beforeHistory: () => Promise<void> | void;
}

/** Pending, running, past: all in memory, and forgotten with it. One prompt runs at a time. */
export class PromptQueue {
  #pending: Prompt[] = [];
  #history = new Map<string, HistoryEntry>();
  #running: Prompt | undefined;
  #interrupted = false;
  #busy = false;
  #cache: Stage['cache'] = new Map();
  /** Runs of a life before the last restart have no effect any more. */
  #life = 0;
  lastNode: { clientId: string | undefined; nodeId: string } | undefined;

  constructor(private readonly parts: QueueParts) {}

  add(prompt: Prompt): void {
    this.#pending.push(prompt);
    this.status();
    if (!this.#busy) void this.#work();
  }

  get remaining(): number {
    return this.#pending.length + (this.#running === undefined ? 0 : 1);
  }

  get listed() {
    const running = this.#running === undefined ? [] : [tupleOf(this.#running)];
    return { queue_running: running, queue_pending: this.#pending.map(tupleOf) };
  }

  history(promptId?: string): Record<string, HistoryEntry> {
    if (promptId === undefined) return Object.fromEntries(this.#history);
    const entry = this.#history.get(promptId);
    return entry === undefined ? {} : { [promptId]: entry };
  }

  /** A deleted prompt leaves no trace. */
  deletePending(ids: readonly string[] | 'all'): void {
    this.#pending = this.#pending.filter((one) => ids !== 'all' && !ids.includes(one.promptId));
    this.status();
  }

  deleteHistory(ids: readonly string[] | 'all'): void {
    for (const id of ids === 'all' ? this.#history.keys() : ids) this.#history.delete(id);
  }

  /** Whatever runs, or one prompt if it is that which runs. */
  interrupt(promptId?: string): void {
    if (promptId === undefined || promptId === this.#running?.promptId) this.#interrupted = true;
  }

  forgetModels(): void {
    this.#cache = new Map();
  }

  /** The process starts anew: nothing is known of what was. */
  restart(): void {
    this.#life += 1;
    this.#pending = [];
    this.#history = new Map();
    this.#cache = new Map();
    this.#running = undefined;
    this.#interrupted = true;
  }

  status(clientId?: string): void {
    const data = { status: { exec_info: { queue_remaining: this.remaining } } };
    this.parts.send('status', clientId === undefined ? data : { ...data, sid: clientId }, clientId);
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (;;) {
      await turn();
      // The lowest number first, whenever it came.
      const next = this.#pending.toSorted((a, b) => a.number - b.number)[0];
      if (next === undefined) break;
      this.#pending = this.#pending.filter((one) => one !== next);
      this.#running = next;
      this.#interrupted = false;
      await this.#run(next, this.#life);
    }
    this.#busy = false;
  }

  async #run(prompt: Prompt, life: number): Promise<void> {
    const { clientId, promptId } = prompt;
    const messages: [string, unknown][] = [];
    const send = (type: string, data: Record<string, unknown>): void => {
      if (life !== this.#life) return;
      if (type === 'executing') this.lastNode = { clientId, nodeId: String(data['node']) };
      // Progress goes to everybody where no client is named; the stages of a run to nobody.
      const everybody = type === 'progress' || type === 'progress_state';
      const told = { ...data, prompt_id: promptId };
      if (clientId !== undefined || everybody) this.parts.send(type, told, clientId);
    };
    const tell = (type: string, data: Record<string, unknown>): void => {
      const told = { ...data, timestamp: Date.now() };
      messages.push([type, { ...told, prompt_id: promptId }]);
      send(type, told);
    };
    const execution = new Execution(prompt, {
      ...this.parts.stage(),
      ...{ send, tell, cache: this.#cache },
      preview: (nodeId) => this.parts.preview(prompt, nodeId),
      interrupted: () => this.#interrupted,
    });
    tell('execution_start', {});
    const ended = await this.#outcome(prompt, execution, tell);
    await this.parts.beforeHistory();
    if (life !== this.#life) return;
    this.#history.set(promptId, {
      prompt: tupleOf(prompt),
      outputs: ended.outputs,
      status: { status_str: ended.status, completed: ended.status === 'success', messages },
      meta: Object.fromEntries(
        Object.keys(ended.outputs).map((id) => [
          id,
          { node_id: id, display_node: id, parent_node: null, real_node_id: id },
        ]),
      ),
    });
    this.#running = undefined;
    this.status();
    this.lastNode = undefined;
    if (clientId !== undefined)
      this.parts.send('executing', { node: null, prompt_id: promptId }, clientId);
  }

  async #outcome(
    { graph }: Prompt,
    execution: Execution,
    tell: (type: string, data: Record<string, unknown>) => void,
  ): Promise<{ status: 'success' | 'error'; outputs: Record<string, unknown> }> {
    try {
      const outputs = await execution.run();
      tell('execution_success', {});
      return { status: 'success', outputs };
    } catch (error) {
      const nodeId = error instanceof Broken || error instanceof Interrupted ? error.nodeId : '';
      const where = { node_id: nodeId, node_type: graph[nodeId]?.class_type ?? '' };
      const executed = execution.executed;
      if (error instanceof Interrupted) {
        tell('execution_interrupted', { ...where, executed });
        return { status: 'error', outputs: {} };
      }
      const type = error instanceof Broken ? error.exceptionType : 'Exception';
      const message = error instanceof Error ? error.message : String(error);
      tell('execution_error', {
        ...{ ...where, executed, exception_message: message, exception_type: type },
        ...{ traceback: [], current_inputs: {}, current_outputs: [] },
      });
      // Then everything is unloaded, and nothing is warm.
      if (OUT_OF_MEMORY.test(type)) this.forgetModels();
      return { status: 'error', outputs: {} };
    }
  }
}

const tupleOf = ({ number, promptId, graph, extraData, outputs }: Prompt) => [
  ...[number, promptId, graph, extraData, outputs],
];
