import type { EngineRequest } from '../../engine.js';
import { inputOf, type ObjectInfo } from '../client/object-info.js';
import { plain } from '../graph/conditions.js';
import type { InputPictures } from '../graph/draft.js';
import type { Graph, GraphNode, Plan } from '../graph/graph.js';
import { samplerFor } from '../graph/samplers.js';
import { invalid } from '../../remote/refusals.js';
import { pictureInputs, type InputName, type Workflow } from './manifest.js';

/**
 * A workflow with a request's values in their places.
 *
 * @param prefix of the files that it saves, new for every attempt
 * @throws EngineError `engine.request_invalid` for a value that the workflow has no place for
 */
export function fillWorkflow(
  workflow: Workflow,
  request: EngineRequest,
  { pictures, prefix }: { pictures: InputPictures; prefix: string },
): Plan {
  if (!workflow.operations.includes(request.operation)) {
    throw invalid(`${workflow.name} does not ${request.operation}`);
  }
  assertFixed(workflow, request);
  const values = valuesOf(request, pictures, workflow.fixed.fps);
  assertPlaces(workflow, request, values);
  const nodes: Record<string, { class_type: string; inputs: Record<string, unknown> }> = {};
  for (const [id, node] of Object.entries(workflow.graph)) {
    const saves = typeof node.inputs['filename_prefix'] === 'string';
    const renamed = saves
      ? { filename_prefix: id === workflow.output ? prefix : `${prefix}-${id}` }
      : {};
    nodes[id] = { class_type: node.class_type, inputs: { ...node.inputs, ...renamed } };
  }
  for (const [name, places] of workflow.inputs) {
    const value = values[name];
    if (value === undefined) continue;
    for (const { node, field } of places) {
      const there = nodes[node];
      if (there) there.inputs[field] = value;
    }
  }
  return { graph: nodes, output: workflow.output, steps: samplersIn(nodes) };
}

type Values = Readonly<Partial<Record<InputName, string | number>>>;

function valuesOf(
  request: EngineRequest,
  { image, mask, face }: InputPictures,
  ownFps: number | undefined,
): Values {
  const { seconds, fps = ownFps, strength, scale } = request;
  const choice = request.sampler === undefined ? undefined : samplerFor(request.sampler);
  return {
    ...{ prompt: plain(request.prompt), negative_prompt: plain(request.negativePrompt) },
    ...{ width: request.width, height: request.height, steps: request.steps },
    ...{ guidance: request.guidance, seed: request.seed },
    ...choice,
    ...(strength !== undefined && { strength }),
    ...(scale !== undefined && { scale }),
    ...(seconds !== undefined && { seconds }),
    ...(fps !== undefined && { fps }),
    ...(seconds !== undefined && fps !== undefined && { frames: Math.round(seconds * fps) }),
    ...(image && { image: image.name }),
    ...(mask && { mask: mask.name }),
    ...(face && { face: face.name }),
  };
}

/**
 * What the graph has of its own stands; to be paid for something else would be wrong. Whoever asks
 * for no number of steps gets the default, so that is what a graph without a place for it does.
 */
function assertFixed(workflow: Workflow, request: EngineRequest): void {
  const { name, fixed, inputs, default_steps: steps, max_seconds: most, max_fps: rate } = workflow;
  const draws = request.operation === 'generate' || request.operation === 'video';
  const stands = {
    ...(draws && { width: fixed.width, height: fixed.height }),
    ...{ seconds: fixed.seconds, fps: fixed.fps },
    ...(!inputs.has('steps') && { steps }),
  };
  for (const [field, own] of Object.entries(stands)) {
    const asked = request[field as keyof typeof stands];
    if (own === undefined || asked === undefined || asked === own) continue;
    throw invalid(`${name} has a ${field} of its own, ${own}: leave it out or ask for that`);
  }
  if (request.operation !== 'video') return;
  const { seconds = 0, fps = 0 } = request;
  if (seconds > (fixed.seconds ?? most))
    throw invalid(`${name} makes videos of up to ${most} seconds`);
  if (fps > (fixed.fps ?? rate)) throw invalid(`${name} makes videos of up to ${rate} fps`);
}

/** Always there, also where nobody asked: without a place for them, the graph's own stand. */
const DEFAULTED: ReadonlySet<string> = new Set<InputName>([
  ...(['width', 'height', 'steps', 'guidance', 'seed', 'fps', 'seconds', 'frames'] as const),
]);

function assertPlaces({ name, inputs }: Workflow, request: EngineRequest, values: Values): void {
  for (const [field, value] of Object.entries(values)) {
    if (inputs.has(field as InputName) || DEFAULTED.has(field) || value === '') continue;
    throw invalid(`${name} takes no ${field}`);
  }
  const { clipSkip, vae, loras, embeddings, references, controls, automask } = request;
  const lists = { loras, embeddings, ip_adapters: references, controlnet: controls };
  const asked = { clip_skip: clipSkip, vae, automask };
  for (const [field, list] of Object.entries(lists)) {
    if ((list ?? []).length > 0) throw invalid(`${name} takes no ${field}`);
  }
  for (const [field, value] of Object.entries(asked)) {
    if (value !== undefined) throw invalid(`${name} takes no ${field}`);
  }
  const wanted = pictureInputs.filter((one) => inputs.has(one));
  const absent = wanted.filter((one) => values[one] === undefined);
  if (absent.length > 0) throw invalid(`${name} needs ${absent.join(' and ')}`);
}

/** Nodes with steps of their own: KSampler, and its part of the steps KSamplerAdvanced. */
function samplersIn(graph: Graph): Record<string, number> {
  const samplers = Object.entries(graph).flatMap(([id, { inputs }]) => {
    const { steps, start_at_step: start = 0, end_at_step: end = steps } = inputs;
    if (typeof steps !== 'number' || typeof start !== 'number' || typeof end !== 'number')
      return [];
    const own = Math.min(steps, end) - start;
    return own > 0 && 'cfg' in inputs ? [[id, own] as const] : [];
  });
  return Object.fromEntries(samplers);
}

/** What a ComfyUI lacks for a workflow, in words for whoever looks after it; empty where it can run. */
export function lackingFor({ graph, output, inputs }: Workflow, info: ObjectInfo): string[] {
  const absent = [...new Set(Object.values(graph).map((node) => node.class_type))]
    .filter((name) => !info.has(name))
    .map((name) => `no node ${name}`);
  const last: GraphNode | undefined = graph[output];
  const saves = last && info.get(last.class_type);
  if (saves && !saves.output_node) absent.push(`node ${output} (${last.class_type}) saves nothing`);
  for (const [name, places] of inputs) {
    for (const { node, field } of places) {
      const kind = graph[node]?.class_type ?? '';
      if (!info.has(kind) || inputOf(info, kind, field)) continue;
      absent.push(`inputs.${name}: ${kind} has no input ${field}`);
    }
  }
  return absent;
}
