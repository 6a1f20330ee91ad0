import { EngineError } from '../../engine.js';
import { choicesOf, inputOf, type ObjectInfo } from '../client/object-info.js';
import { invalid, missing } from '../../remote/refusals.js';
import { linkIn, type Graph, type GraphNode } from './graph.js';

/** Inputs that name a file of a model folder. What stands in them is ours, not the customer's. */
const NAMES_A_MODEL = /^(ckpt|unet|clip|vae|lora|control_net|style_model|model)_name\d?$/;
/** Uploaded files: they are put there after the list was read. */
const UPLOADED: ReadonlySet<string> = new Set(['LoadImage', 'LoadImageMask', 'LoadVideo']);

/**
 * Holds a graph against what the server said of its nodes, so that what cannot run is not sent.
 *
 * @throws EngineError `engine.node_missing`, `engine.model_missing`, `engine.request_invalid`,
 *   `engine.graph_invalid`
 */
export function assertRunnable(graph: Graph, info: ObjectInfo): void {
  for (const [id, node] of Object.entries(graph)) {
    const known = info.get(node.class_type);
    if (!known) {
      throw new EngineError('engine.node_missing', `this ComfyUI has no node ${node.class_type}`);
    }
    for (const name of Object.keys(known.input.required ?? {})) {
      if (node.inputs[name] !== undefined) continue;
      const message = `node ${id} (${node.class_type}) lacks its input ${name}`;
      throw new EngineError('engine.graph_invalid', message);
    }
    for (const name of Object.keys(node.inputs)) assertInput(graph, info, { id, node, name });
  }
}

interface Where {
  readonly id: string;
  readonly node: GraphNode;
  readonly name: string;
}

function assertInput(graph: Graph, info: ObjectInfo, { id, node, name }: Where): void {
  const { class_type: kind } = node;
  const stated = inputOf(info, kind, name);
  const value = node.inputs[name];
  // Nested inputs and those of odd custom nodes: the server judges them itself.
  if (!stated) return;
  const from = linkIn(value);
  if (from) {
    const source = graph[from[0]];
    const given = source && info.get(source.class_type)?.output[from[1]];
    if (given === stated.type || given === '*' || stated.type.split(',').includes(String(given)))
      return;
    if (stated.type === '*' || stated.type.startsWith('COMFY_')) return;
    const message = `node ${id} (${kind}) takes ${stated.type} as ${name}, not ${String(given)}`;
    throw new EngineError('engine.graph_invalid', message);
  }
  if (stated.type === 'COMBO') {
    assertChoice(choicesOf(info, kind, name), { id, node, name });
    return;
  }
  if (stated.type !== 'INT' && stated.type !== 'FLOAT') return;
  const { min = -Infinity, max = Infinity } = stated.options as { min?: number; max?: number };
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw invalid(`${kind} takes ${min}..${max} as ${name}, not ${String(value)}`);
}

function assertChoice(choices: readonly string[] | undefined, { node, name }: Where): void {
  const value = String(node.inputs[name]);
  if (choices === undefined || choices.includes(value) || UPLOADED.has(node.class_type)) return;
  if (NAMES_A_MODEL.test(name)) throw missing(`this ComfyUI has no file ${value} (${name})`);
  throw invalid(`${node.class_type} has no ${name} ${value}`);
}
