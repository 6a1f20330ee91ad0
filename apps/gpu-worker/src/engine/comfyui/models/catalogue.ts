import { ConfigError } from '@safelight/config';
import { EngineError, type EngineModel, type EngineRequest } from '../../engine.js';
import type { ObjectInfo } from '../client/object-info.js';
import { buildPlan, type BuildParts } from '../graph/build.js';
import type { Plan } from '../graph/graph.js';
import { missing } from '../../remote/refusals.js';
import { fillWorkflow, lackingFor } from '../workflows/fill.js';
import { readWorkflows, type Workflow } from '../workflows/manifest.js';
import {
  parseModelFile,
  readModelFile,
  type ModelDescription,
  type ModelFile,
} from './model-file.js';
import { missingFiles, offerOf, offerOfWorkflow } from './offered.js';

/** The models that a worker can run, from its model file and its workflows: nothing is built in. */
export class Catalogue {
  readonly #parts: ModelFile;
  readonly #models: ReadonlyMap<string, ModelDescription>;
  readonly #workflows: ReadonlyMap<string, Workflow>;
  #offered: { readonly info: ObjectInfo; readonly models: EngineModel[] } | undefined;

  /** @throws ConfigError */
  constructor(from: { modelsFile: string | undefined; workflowsFolder: string | undefined }) {
    const { modelsFile, workflowsFolder } = from;
    this.#parts = modelsFile === undefined ? parseModelFile({}, '') : readModelFile(modelsFile);
    const workflows = workflowsFolder === undefined ? [] : readWorkflows(workflowsFolder);
    this.#models = new Map(this.#parts.models.map((model) => [model.name, model]));
    this.#workflows = new Map(workflows.map((workflow) => [workflow.name, workflow]));
    const both = workflows.find(({ name }) => this.#models.has(name));
    if (both) throw new ConfigError(`${both.name} is a model and a workflow: rename one`);
    if (this.#models.size + this.#workflows.size === 0) {
      throw new ConfigError(
        'no models: name a file by COMFYUI_MODELS or a folder by COMFYUI_WORKFLOWS',
      );
    }
  }

  /** What can run on a ComfyUI with these nodes and files. */
  offered(info: ObjectInfo): EngineModel[] {
    if (this.#offered?.info === info) return this.#offered.models;
    const models = [...this.#models.values()]
      .filter((model) => missingFiles(model, info).length === 0)
      .map((model) => offerOf(model, this.#parts, info));
    const workflows = [...this.#workflows.values()]
      .filter((workflow) => lackingFor(workflow, info).length === 0)
      .map(offerOfWorkflow);
    this.#offered = { info, models: [...models, ...workflows] };
    return this.#offered.models;
  }

  /** Why some are not offered, in words for whoever looks after the worker. */
  lacking(info: ObjectInfo): string[] {
    const models = [...this.#models.values()].flatMap((model) =>
      missingFiles(model, info).map((file) => `${model.name}: no file ${file}`),
    );
    const workflows = [...this.#workflows.values()].flatMap((workflow) =>
      lackingFor(workflow, info).map((what) => `${workflow.name}: ${what}`),
    );
    return [...models, ...workflows];
  }

  /** @throws EngineError `engine.model_unknown`, `engine.model_missing` */
  assertThere(name: string, info: ObjectInfo): void {
    const model = this.#models.get(name);
    const workflow = this.#workflows.get(name);
    if (!model && !workflow) throw unknown(name);
    const absent = model ? missingFiles(model, info) : workflow ? lackingFor(workflow, info) : [];
    if (absent.length > 0) throw missing(`${name} lacks ${absent.join(', ')} here`);
  }

  /** @throws EngineError `engine.model_unknown`, `engine.model_missing`, `engine.request_invalid` */
  plan(request: EngineRequest, given: Omit<BuildParts, 'model' | 'parts'>): Plan {
    this.assertThere(request.model, given.info);
    const workflow = this.#workflows.get(request.model);
    if (workflow) return fillWorkflow(workflow, request, given);
    const model = this.#models.get(request.model);
    if (!model) throw unknown(request.model);
    return buildPlan(request, { ...given, model, parts: this.#parts });
  }
}

const unknown = (name: string): EngineError =>
  new EngineError('engine.model_unknown', `this worker has no model ${name}`);
