import type { FileFolders } from '../files.js';

/** An input as `/object_info` states it: its type or its values, and its limits. */
export type InputSpec = readonly [string | readonly string[], Readonly<Record<string, unknown>>?];

/** What a node's run can reach. */
export interface NodeContext {
  readonly promptId: string;
  readonly nodeId: string;
  readonly graph: unknown;
  readonly files: FileFolders;
  /** One step of a sampler is done; resolves when the next may begin, rejects when interrupted. */
  readonly step: (value: number, max: number) => Promise<void>;
}

export interface NodeResult {
  readonly outputs: readonly unknown[];
  /** What the history lists of a node with output of its own. */
  readonly ui?: Readonly<Record<string, unknown>>;
}

export interface NodeDefinition {
  readonly required: Readonly<Record<string, InputSpec>>;
  readonly optional?: Readonly<Record<string, InputSpec>>;
  readonly output: readonly string[];
  readonly outputNode?: boolean;
  /** Defined in the newer way: its choices read `["COMBO", {options}]`. */
  readonly newer?: boolean;
  /** Looks at values itself, so that the list of choices is not compared. Text: what is wrong. */
  readonly validate?: (
    inputs: Readonly<Record<string, unknown>>,
    files: FileFolders,
  ) => string | true;
  readonly run: (inputs: Inputs, context: NodeContext) => Promise<NodeResult>;
}

/** The inputs of a running node, links replaced by what they brought. */
export class Inputs {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}
  has(name: string): boolean {
    return this.values[name] !== undefined;
  }
  /** Links are checked by their types before anything runs. */
  get(name: string): unknown {
    return this.values[name];
  }
  number(name: string): number {
    return Number(this.values[name]);
  }
  text(name: string): string {
    const value = this.values[name];
    return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

export const link = (type: string): InputSpec => [type];
export const int = (value: number, min: number, max: number): InputSpec => [
  'INT',
  { default: value, min, max },
];
export const float = (value: number, min: number, max: number, step = 0.01): InputSpec => [
  'FLOAT',
  { default: value, min, max, step },
];
export const text = (options: Record<string, unknown> = {}): InputSpec => ['STRING', options];
export const flag = (value: boolean): InputSpec => ['BOOLEAN', { default: value }];
export const oneOf = (...values: string[]): InputSpec => [values];
/** One file of a model folder; which there are is known when it is asked. */
export const fileOf = (folder: string): InputSpec => [`files:${folder}`];

/** A node that only hands on a token of what it stands for. */
export const token =
  (...names: string[]) =>
  async (inputs: Inputs): Promise<NodeResult> => ({
    outputs: names.map((name) => ({ name, of: inputs })),
  });
