import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ConfigError } from '@safelight/config';
import { REFUSED_NAME_MESSAGE, refusedWordWithin } from '@safelight/contracts';
import { z } from 'zod';
import type { Graph, GraphNode } from '../graph/graph.js';
import { statedDescription, statedName, statedSides, tooLarge } from '../../remote/stated-model.js';
import { readJson } from '../models/model-file.js';

/** Values of a request that a workflow can take; `frames` is seconds times fps. */
export const inputNames = [
  ...(['prompt', 'negative_prompt', 'width', 'height', 'steps', 'guidance', 'seed'] as const),
  ...(['sampler', 'scheduler', 'strength', 'image', 'mask', 'face', 'scale'] as const),
  ...(['seconds', 'fps', 'frames'] as const),
] as const;
/** Of these, a workflow that has a place for one makes nothing without it. */
export const pictureInputs = ['image', 'mask', 'face'] as const;
export type InputName = (typeof inputNames)[number];

const binding = z.strictObject({ node: z.string().min(1), field: z.string().min(1) });
const operations = [
  ...(['generate', 'edit', 'upscale', 'video', 'face-swap', 'face-swap-video'] as const),
] as const;

const manifest = z.strictObject({
  name: statedName,
  description: statedDescription,
  operations: z.array(z.enum(operations)).min(1),
  /** The file beside this one that holds the graph, as ComfyUI exports it ("API format"). */
  graph: z.string().regex(/^[^/\\]+\.json$/, 'a file in the same folder'),
  /** What is put where: one place or several. */
  inputs: z.partialRecord(z.enum(inputNames), binding.or(z.array(binding).min(1))),
  /** What the graph has of its own and no request can change: asking for another value is refused. */
  fixed: z
    .strictObject({
      width: statedSides.max_width,
      height: statedSides.max_height,
      seconds: z.number().positive().max(600),
      fps: z.int().min(1).max(120),
    })
    .partial()
    .default({}),
  /** It makes the same of every seed; otherwise a seed needs its place. */
  deterministic: z.boolean().default(false),
  /** The node whose file is the result. */
  output: z.string().min(1),
  ...statedSides,
  default_steps: z.int().min(1).max(1_000),
  gpu_seconds_per_megapixel_step: z.number().nonnegative(),
  /** GPU memory that it needs, in bytes, where somebody measured it. */
  vram_bytes: z.int().min(0).optional(),
  /** Of a video: the longest, and the most pictures a second. */
  max_seconds: z.int().min(1).max(600).default(5),
  max_fps: z.int().min(1).max(120).default(30),
});
type Manifest = z.output<typeof manifest>;

const graphFile = z.record(
  z.string(),
  z.object({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) }),
);

/** One workflow of a platform team: a model of its own. */
export interface Workflow extends Omit<Manifest, 'graph' | 'inputs'> {
  readonly graph: Graph;
  readonly inputs: ReadonlyMap<InputName, readonly { node: string; field: string }[]>;
}

const ENDING = '.manifest.json';

/**
 * Every `*.manifest.json` of a folder, with its graph.
 *
 * @throws ConfigError that names the file and what is wrong with it
 */
export function readWorkflows(folder: string): Workflow[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(ENDING));
  } catch (error) {
    throw new ConfigError(`${folder} cannot be read: ${String(error)}`);
  }
  const workflows = names.sort().map((name) => readWorkflow(join(folder, name), folder));
  const seen = new Set<string>();
  for (const { name } of workflows) {
    if (seen.has(name)) throw new ConfigError(`${folder}: two workflows are called ${name}`);
    seen.add(name);
  }
  return workflows;
}

function readWorkflow(path: string, folder: string): Workflow {
  const from = basename(path);
  const stated = checked(manifest, readJson(path), from);
  const graph = checked(graphFile, readJson(join(folder, stated.graph)), stated.graph);
  const inputs = new Map(
    Object.entries(stated.inputs).map(([name, places]) => {
      return [name as InputName, Array.isArray(places) ? places : [places]] as const;
    }),
  );
  for (const [name, places] of inputs) {
    for (const { node, field } of places) {
      const there = graph[node];
      if (!there) throw new ConfigError(`${from}: inputs.${name}: the graph has no node ${node}`);
      if (field in there.inputs) continue;
      const fields = Object.keys(there.inputs).join(', ');
      const message = `node ${node} (${there.class_type}) has no input ${field}, but ${fields}`;
      throw new ConfigError(`${from}: inputs.${name}: ${message}`);
    }
  }
  if (!graph[stated.output]) {
    throw new ConfigError(`${from}: output: the graph has no node ${stated.output}`);
  }
  for (const word of lacking(stated)) throw new ConfigError(`${from}: inputs: ${word}`);
  const large = tooLarge(stated);
  if (large !== undefined) throw new ConfigError(`${from}: ${large}`);
  const refused = refusedWordWithin(graph);
  if (refused !== undefined) {
    throw new ConfigError(`${stated.graph}: "${refused}" ${REFUSED_NAME_MESSAGE}`);
  }
  return { ...stated, graph: graph satisfies Record<string, GraphNode>, inputs };
}

/**
 * An operation whose picture goes nowhere would be done on something else; and what is paid for (size,
 * length, a picture of its own for every seed) has to arrive in the graph, or be stated as fixed.
 */
function* lacking({ operations: does, inputs, fixed, deterministic }: Manifest): Generator<string> {
  const placed = (name: InputName): boolean => inputs[name] !== undefined;
  for (const operation of does) {
    const needs = needed[operation];
    const absent = needs.filter((name) => !placed(name));
    if (absent.length > 0) yield `${operation} needs ${absent.join(', ')}`;
    const draws = operation === 'generate' || operation === 'video';
    const asked = draws ? (['width', 'height'] as const) : [];
    for (const name of operation === 'video' ? ([...asked, 'fps'] as const) : asked) {
      if (!placed(name) && fixed[name] === undefined) yield `${operation} needs ${name}${OR_FIXED}`;
    }
    const lasts = placed('seconds') || placed('frames') || fixed.seconds !== undefined;
    if (operation === 'video' && !lasts) yield `video needs seconds or frames${OR_FIXED}`;
    if ((draws || operation === 'edit') && !placed('seed') && !deterministic) {
      yield `${operation} needs seed, or "deterministic": true where it makes the same of every seed`;
    }
  }
}

const OR_FIXED = ', or its value under fixed where the graph has one of its own';

const needed: Readonly<Record<Manifest['operations'][number], readonly InputName[]>> = {
  generate: [],
  edit: ['image', 'mask'],
  upscale: ['image', 'scale'],
  video: [],
  'face-swap': ['image', 'face'],
  'face-swap-video': ['face'],
};

function checked<T extends z.ZodType>(schema: T, json: unknown, from: string): z.output<T> {
  const read = schema.safeParse(json);
  if (!read.success) throw new ConfigError(`${from}:\n${z.prettifyError(read.error)}`);
  return read.data;
}
