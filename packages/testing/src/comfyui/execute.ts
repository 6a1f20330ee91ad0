import { setImmediate as turn } from 'node:timers/promises';
import type { FileFolders } from './files.js';
import { Inputs, type NodeDefinition, type NodeResult } from './nodes/define.js';
import { linkOf, type Graph } from './validate.js';

export interface Prompt {
  readonly number: number;
  readonly promptId: string;
  readonly graph: Graph;
  readonly extraData: Readonly<Record<string, unknown>>;
  readonly outputs: readonly string[];
  readonly clientId: string | undefined;
}

/** Where an execution is: a test may hold it there. */
export interface Place {
  readonly promptId: string;
  readonly nodeId: string;
  readonly classType: string;
  readonly step: number;
}

/** What a node of this class throws, once. */
export interface Breakage {
  readonly classType: string;
  readonly exceptionType: string;
  readonly message: string;
}

export interface Stage {
  readonly known: ReadonlyMap<string, NodeDefinition>;
  readonly files: FileFolders;
  /** Results of nodes by what they were computed from: ComfyUI does not compute them again. */
  readonly cache: Map<string, NodeResult>;
  readonly breakages: Breakage[];
  /** Which of the nodes that are ready runs next: the server's choice. */
  readonly pick: (ready: readonly string[]) => string | undefined;
  readonly onStep: ((place: Place) => Promise<void> | void) | undefined;
  readonly interrupted: () => boolean;
  readonly send: (type: string, data: Record<string, unknown>) => void;
  readonly tell: (type: string, data: Record<string, unknown>) => void;
  readonly preview: (nodeId: string) => void;
}

export class Interrupted extends Error {
  constructor(readonly nodeId: string) {
    super('interrupted');
  }
}

/** A node threw. */
export class Broken extends Error {
  constructor(
    readonly nodeId: string,
    readonly exceptionType: string,
    message: string,
  ) {
    super(message);
  }
}

type State = 'running' | 'finished';

/** One prompt's way through its graph; the frames come in the order that a real server was seen to send. */
export class Execution {
  readonly #results = new Map<string, NodeResult>();
  readonly #progress: Record<string, unknown> = {};
  readonly #signatures = new Map<string, string>();

  constructor(
    private readonly prompt: Prompt,
    private readonly stage: Stage,
  ) {}

  get executed(): string[] {
    return [...this.#results.keys()];
  }

  /** What the history lists, by node. @throws Interrupted, Broken */
  async run(): Promise<Record<string, unknown>> {
    const { graph, outputs } = this.prompt;
    const needed = reached(graph, outputs);
    const cached = needed.filter((id) => {
      const result = this.stage.cache.get(this.#signature(id));
      if (result !== undefined) this.#results.set(id, result);
      return result !== undefined;
    });
    this.stage.tell('execution_cached', { nodes: cached });
    for (let left = needed.filter((id) => !cached.includes(id)); left.length > 0;) {
      const ready = left.filter((id) => sourcesOf(graph, id).every((on) => this.#results.has(on)));
      const next = this.stage.pick(ready) ?? ready[0];
      if (next === undefined) throw new Error('a cycle got past validation');
      await this.#node(next);
      left = left.filter((id) => id !== next);
    }
    this.#keepOnly(needed);
    return Object.fromEntries(
      [...this.#results].flatMap(([id, { ui }]) => (ui === undefined ? [] : [[id, ui]])),
    );
  }

  async #node(id: string): Promise<void> {
    const { graph, promptId } = this.prompt;
    const node = graph[id];
    const definition = node && this.stage.known.get(node.class_type);
    if (!node || !definition) throw new Error(`no node ${id}`);
    this.#state(id, 'running', 0, 1);
    this.stage.send('executing', { node: id, display_node: id });
    await turn();
    if (this.stage.interrupted()) throw new Interrupted(id);
    this.#breakIfAsked(id, node.class_type);
    const values = Object.entries(node.inputs).map(([name, value]) => {
      const from = linkOf(value);
      return [name, from ? this.#results.get(from[0])?.outputs[from[1]] : value] as const;
    });
    const step = (value: number, max: number) => this.#step(id, value, max);
    const { files } = this.stage;
    const context = { promptId, nodeId: id, graph, files, step };
    const result = await definition.run(new Inputs(Object.fromEntries(values)), context);
    this.#results.set(id, result);
    this.stage.cache.set(this.#signature(id), result);
    if (result.ui !== undefined) {
      this.stage.send('executed', { node: id, display_node: id, output: result.ui });
    }
    this.#state(id, 'finished', 1, 1);
  }

  async #step(id: string, value: number, max: number): Promise<void> {
    const { promptId, graph } = this.prompt;
    const classType = graph[id]?.class_type ?? '';
    // Before the step: an interrupt is noticed between two.
    await turn();
    await this.stage.onStep?.({ promptId, nodeId: id, classType, step: value });
    if (this.stage.interrupted()) throw new Interrupted(id);
    this.#state(id, 'running', value, max);
    this.stage.preview(id);
    this.stage.send('progress', { value, max, node: id });
  }

  #state(id: string, state: State, value: number, max: number): void {
    const node = { value, max, state, node_id: id, display_node_id: id, real_node_id: id };
    this.#progress[id] = { ...node, parent_node_id: null, prompt_id: this.prompt.promptId };
    this.stage.send('progress_state', { nodes: { ...this.#progress } });
  }

  #breakIfAsked(id: string, classType: string): void {
    const at = this.stage.breakages.findIndex((one) => one.classType === classType);
    const [breakage] = at < 0 ? [] : this.stage.breakages.splice(at, 1);
    if (breakage) throw new Broken(id, breakage.exceptionType, breakage.message);
  }

  /** What a node's result follows from: its class, its inputs, and the files it reads. */
  #signature(id: string): string {
    const known = this.#signatures.get(id);
    if (known !== undefined) return known;
    const node = this.prompt.graph[id];
    const inputs = Object.entries(node?.inputs ?? {}).map(([name, value]) => {
      const from = linkOf(value);
      const file =
        name === 'image' && typeof value === 'string' && this.stage.files.readNamed(value);
      return [name, from ? [this.#signature(from[0]), from[1]] : value, file && file.length];
    });
    const signature = JSON.stringify([node?.class_type, inputs]);
    this.#signatures.set(id, signature);
    return signature;
  }

  /** The cache holds what the latest prompt used. */
  #keepOnly(needed: readonly string[]): void {
    const used = new Set(needed.map((id) => this.#signature(id)));
    for (const signature of [...this.stage.cache.keys()]) {
      if (!used.has(signature)) this.stage.cache.delete(signature);
    }
  }
}

const sourcesOf = (graph: Graph, id: string): string[] =>
  Object.values(graph[id]?.inputs ?? {}).flatMap((value) => linkOf(value)?.[0] ?? []);

function reached(graph: Graph, outputs: readonly string[]): string[] {
  const found = new Set<string>();
  const follow = (id: string): void => {
    if (found.has(id)) return;
    found.add(id);
    for (const source of sourcesOf(graph, id)) follow(source);
  };
  for (const id of outputs) follow(id);
  return [...found];
}
