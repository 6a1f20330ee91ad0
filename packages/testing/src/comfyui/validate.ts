import type { FileFolders } from './files.js';
import type { InputSpec, NodeDefinition } from './nodes/define.js';
import { choicesOf } from './nodes/index.js';

export interface GraphNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
export type Graph = Readonly<Record<string, GraphNode>>;

export interface Fault {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: Readonly<Record<string, unknown>>;
}

export interface NodeFaults {
  readonly errors: Fault[];
  readonly dependent_outputs: string[];
  readonly class_type: string;
}

export interface Verdict {
  /** Set when nothing of it can run. */
  readonly error?: Fault;
  readonly nodeErrors: Record<string, NodeFaults>;
  /** The output nodes that will run. */
  readonly outputs: readonly string[];
}

/** @returns the node and the output that a link names, or undefined for a plain value */
export function linkOf(value: unknown): readonly [string, number] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [node, slot] = value as unknown[];
  return value.length === 2 && typeof node === 'string' && typeof slot === 'number'
    ? [node, slot]
    : undefined;
}

const fault = (type: string, message: string, details = '', extra = {}): Fault => ({
  ...{ type, message, details, extra_info: extra },
});

type Known = ReadonlyMap<string, NodeDefinition>;

/** Judges a submitted graph as ComfyUI does: output by output, and as long as one is sound it runs. */
export function validatePrompt(graph: Graph, known: Known, files: FileFolders): Verdict {
  const nodeErrors: Record<string, NodeFaults> = {};
  for (const [id, node] of Object.entries(graph)) {
    if (known.has(node.class_type)) continue;
    const message = `Node '${node.class_type}' not found. The custom node may not be installed.`;
    const extra = { node_id: id, class_type: node.class_type, node_title: node.class_type };
    return {
      error: fault('missing_node_type', message, `Node ID '#${id}'`, extra),
      nodeErrors,
      outputs: [],
    };
  }
  const isOutput = ([, node]: [string, GraphNode]) =>
    known.get(node.class_type)?.outputNode === true;
  const outputs = Object.entries(graph).filter(isOutput);
  if (outputs.length === 0) {
    return { error: fault('prompt_no_outputs', 'Prompt has no outputs'), nodeErrors, outputs: [] };
  }
  const sound = outputs
    .map(([id]) => id)
    .filter((id) => {
      const judge = new Judge(graph, known, files);
      judge.look(id, []);
      for (const [node, errors] of judge.faults) {
        const entry = (nodeErrors[node] ??= {
          ...{ errors, dependent_outputs: [], class_type: graph[node]?.class_type ?? '' },
        });
        entry.dependent_outputs.push(id);
      }
      return judge.faults.size === 0;
    });
  if (sound.length > 0) return { nodeErrors, outputs: sound };
  const told = Object.values(nodeErrors).flatMap(({ errors }) => errors);
  const details = told.map(({ message, details: more }) => `${message}: ${more}`).join('\n');
  const error = fault(
    'prompt_outputs_failed_validation',
    'Prompt outputs failed validation',
    details,
  );
  return { error, nodeErrors, outputs: [] };
}

/** Follows one output's links, each node once, and notes what is wrong. */
class Judge {
  readonly faults = new Map<string, Fault[]>();
  readonly #seen = new Set<string>();

  constructor(
    private readonly graph: Graph,
    private readonly known: Known,
    private readonly files: FileFolders,
  ) {}

  look(id: string, path: readonly string[]): void {
    if (path.includes(id)) {
      this.#note(id, fault('dependency_cycle', 'Dependency cycle detected', path.join(' -> ')));
      return;
    }
    const node = this.graph[id];
    const definition = node && this.known.get(node.class_type);
    if (!definition || this.#seen.has(id)) return;
    this.#seen.add(id);
    for (const [name, spec] of Object.entries(definition.required)) {
      this.#input(id, [...path, id], { name, spec, required: true });
    }
    for (const [name, spec] of Object.entries(definition.optional ?? {})) {
      this.#input(id, [...path, id], { name, spec, required: false });
    }
    const said = definition.validate?.(node.inputs, this.files) ?? true;
    if (said === true) return;
    const details = `image - ${said}`;
    this.#note(id, fault('custom_validation_failed', 'Custom validation failed for node', details));
  }

  #input(
    id: string,
    path: readonly string[],
    { name, spec, required }: { name: string; spec: InputSpec; required: boolean },
  ): void {
    const value = this.graph[id]?.inputs[name];
    if (value === undefined) {
      const missing = fault('required_input_missing', 'Required input is missing', name, {
        input_name: name,
      });
      if (required) this.#note(id, missing);
      return;
    }
    if (Array.isArray(value)) this.#link(id, path, { name, spec, value });
    else this.#value(id, name, spec, value);
  }

  #link(
    id: string,
    path: readonly string[],
    { name, spec: [wanted], value }: { name: string; spec: InputSpec; value: unknown },
  ): void {
    const target = linkOf(value);
    const extra = { input_name: name, received_value: value };
    const source = target && this.graph[target[0]];
    if (!target || !source) {
      const message = 'Bad linked input, must be a length-2 list of [node_id, slot_index]';
      this.#note(id, fault('bad_linked_input', message, name, extra));
      return;
    }
    const received = this.known.get(source.class_type)?.output[target[1]];
    if (received !== wanted) {
      const details = `${name}, received_type(${String(received)}) mismatch input_type(${String(wanted)})`;
      this.#note(
        id,
        fault('return_type_mismatch', 'Return type mismatch between linked nodes', details, extra),
      );
      return;
    }
    this.look(target[0], path);
  }

  #value(id: string, name: string, spec: InputSpec, value: unknown): void {
    const [type, limits = {}] = spec;
    const extra = { input_name: name, received_value: value };
    const choices = choicesOf(spec, this.files);
    const looksItself = this.known.get(this.graph[id]?.class_type ?? '')?.validate !== undefined;
    if (choices !== undefined && !(looksItself && name === 'image')) {
      if (choices.includes(String(value))) return;
      const details = `${name}: '${String(value)}' not in ${JSON.stringify(choices)}`;
      this.#note(id, fault('value_not_in_list', 'Value not in list', details, extra));
      return;
    }
    if (type !== 'INT' && type !== 'FLOAT') return;
    const number = Number(value);
    if (
      typeof value === 'boolean' ||
      Number.isNaN(number) ||
      (type === 'INT' && !Number.isInteger(number))
    ) {
      const message = `Failed to convert an input value to a ${type} value`;
      this.#note(id, fault('invalid_input_type', message, `${name}, ${String(value)}`, extra));
      return;
    }
    const { min, max } = limits as { min: number; max: number };
    if (number < min) {
      this.#note(
        id,
        fault('value_smaller_than_min', `Value ${number} smaller than min of ${min}`, name, extra),
      );
    }
    if (number > max) {
      this.#note(
        id,
        fault('value_bigger_than_max', `Value ${number} bigger than max of ${max}`, name, extra),
      );
    }
  }

  #note(id: string, one: Fault): void {
    this.faults.set(id, [...(this.faults.get(id) ?? []), one]);
  }
}
