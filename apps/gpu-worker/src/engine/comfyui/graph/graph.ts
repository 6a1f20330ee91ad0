/** The output of a node: its id and the place among its outputs. */
export type Link = readonly [node: string, output: number];

export type GraphInputs = Readonly<Record<string, unknown>>;

export interface GraphNode {
  readonly class_type: string;
  readonly inputs: GraphInputs;
}

/** A graph as `POST /prompt` takes it (ComfyUI's "API format"). */
export type Graph = Readonly<Record<string, GraphNode>>;

/** Collects nodes and numbers them in the order in which they come. */
export class GraphBuilder {
  readonly #nodes: Record<string, GraphNode> = {};
  #last = 0;

  /** @returns the node's id */
  add(classType: string, inputs: GraphInputs): string {
    this.#last += 1;
    const id = String(this.#last);
    this.#nodes[id] = { class_type: classType, inputs };
    return id;
  }

  /** Adds a node of which only the first output matters. */
  link(classType: string, inputs: GraphInputs): Link {
    return [this.add(classType, inputs), 0];
  }

  get graph(): Graph {
    return this.#nodes;
  }
}

/** A graph, where its result comes out, and how long its samplers are. */
export interface Plan {
  readonly graph: Graph;
  /** The node whose file is the result. */
  readonly output: string;
  /** Steps of each sampler node; what else reports progress does not count. */
  readonly steps: Readonly<Record<string, number>>;
}

/** @returns the link that an input's value is, or undefined for a plain value */
export function linkIn(value: unknown): Link | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [node, output] = value as unknown[];
  return typeof node === 'string' && typeof output === 'number' ? [node, output] : undefined;
}
