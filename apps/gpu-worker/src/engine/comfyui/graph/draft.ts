import type { EngineRequest } from '../../engine.js';
import type { Family } from '../models/families.js';
import type { ModelDescription, ModelFile } from '../models/model-file.js';
import { invalid, missing } from '../../remote/refusals.js';
import type { ObjectInfo } from '../client/object-info.js';
import type { GraphBuilder, Link } from './graph.js';

/** A picture as ComfyUI will find it: uploaded under this name, upright, of this size. */
export interface InputPicture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** The pictures of a request, in the request's order. */
export interface InputPictures {
  readonly image?: InputPicture;
  readonly mask?: InputPicture;
  readonly face?: InputPicture;
  readonly references: readonly InputPicture[];
  readonly controls: readonly InputPicture[];
}

/** Everything a graph is made from, and the graph so far. */
export interface Draft {
  readonly graph: GraphBuilder;
  readonly request: EngineRequest;
  readonly model: ModelDescription;
  readonly family: Family;
  readonly parts: ModelFile;
  readonly pictures: InputPictures;
  readonly info: ObjectInfo;
  /** New for every attempt: ComfyUI gives the files of an identical graph again. */
  readonly prefix: string;
}

export interface Loaded {
  readonly model: Link;
  /** The model of the later steps, where there is a pair. */
  readonly modelLow?: Link;
  readonly clip: Link;
  readonly vae: Link;
  readonly vision?: Link;
}

export interface Conditions {
  readonly positive: Link;
  readonly negative: Link;
}

interface Part {
  readonly name: string;
  readonly families: readonly string[];
}

/**
 * A part by its name in the catalogue.
 *
 * @throws EngineError `engine.model_missing` where this worker does not have it,
 *   `engine.request_invalid` where it was made for other models
 */
export function partNamed<P extends Part>(
  list: readonly P[],
  wanted: string,
  kind: string,
  { model }: Draft,
): P {
  const part = list.find(({ name }) => name === wanted);
  if (!part) throw missing(`this worker has no ${kind} ${wanted}`);
  if (part.families.includes(model.family)) return part;
  const made = part.families.join(', ');
  throw invalid(`${kind} ${wanted} is made for ${made}; ${model.name} is ${model.family}`);
}
