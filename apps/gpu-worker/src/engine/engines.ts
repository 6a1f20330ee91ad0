import { availableParallelism } from 'node:os';
import { ConfigError } from '@safelight/config';
import type { Telemetry } from '@safelight/telemetry';
import { BuiltinEngine } from './builtin/builtin.engine.js';
import { comfyuiEngine, type ComfyuiEngineOptions } from './comfyui/comfyui.engine.js';
import { A1111Engine } from './a1111/a1111.engine.js';
import type { Engine } from './engine.js';
import { OpenaiEngine } from './openai/openai.engine.js';
import { basic, bearer, readApiKey } from './remote/api-key.js';
import { readModelList, type ModelList } from './remote/model-list.js';
import { SdcppEngine } from './sdcpp/sdcpp.engine.js';

/** What an operator says of the engine beside this worker. */
export interface EngineSettings {
  /** Where it listens; `undefined` for one that needs no address. */
  readonly url: string | undefined;
  /** Most runs side by side that the operator allows; `undefined`: as many as the engine can. */
  readonly slots: number | undefined;
  readonly telemetry: Pick<Telemetry, 'logger' | 'meter'>;
  /** Where ComfyUI's models and workflows are described. */
  readonly comfyui?: Pick<ComfyuiEngineOptions, 'modelsFile' | 'workflowsFolder'>;
  /** Where the models of the other servers are described, and what lets the worker in there. */
  readonly modelsFile?: string | undefined;
  readonly apiKeyFile?: string | undefined;
}

interface EngineKind {
  /** An example of its address, for one that is reached by `ENGINE_URL`; absent for one that is not. */
  readonly address?: string;
  /** Reads `ENGINE_MODELS` and `ENGINE_API_KEY_FILE`; `described`: cannot do without the first. */
  readonly models?: 'optional' | 'described';
  /** Makes the port. Does no work yet: the worker asks for its health before anything else. */
  readonly create: (settings: EngineSettings) => Engine;
}

/** Every kind of engine that a worker can stand beside. An adapter adds its line here. */
const kinds: Readonly<Record<string, EngineKind>> = {
  builtin: {
    // More painters than cores take turns; plain cards need none, so whoever asks for more gets them.
    create: ({ slots }) => new BuiltinEngine({ slots: slots ?? availableParallelism() }),
  },
  comfyui: {
    address: 'http://127.0.0.1:8188',
    create: ({ url = '', comfyui, telemetry: { logger } }) =>
      comfyuiEngine({
        ...{ url, ...comfyui },
        onLacking: (lacking) => logger.warn({ lacking }, 'some models are not offered'),
      }),
  },
  openai: {
    address: 'http://127.0.0.1:8000',
    models: 'described',
    create: ({ url = '', slots, modelsFile = '', apiKeyFile }) => {
      const authorization = bearer(apiKeyFile && readApiKey(apiKeyFile));
      return new OpenaiEngine({ url, slots, authorization, models: readModelList(modelsFile) });
    },
  },
  sdcpp: {
    address: 'http://127.0.0.1:1234',
    models: 'optional',
    create: ({ url = '', modelsFile, apiKeyFile }) => {
      const authorization = bearer(apiKeyFile && readApiKey(apiKeyFile));
      return new SdcppEngine({ url, authorization, models: listIn(modelsFile) });
    },
  },
  a1111: {
    address: 'http://127.0.0.1:7860',
    models: 'optional',
    create: ({ url = '', modelsFile, apiKeyFile }) => {
      const authorization = basic(apiKeyFile && readApiKey(apiKeyFile));
      return new A1111Engine({ url, authorization, models: listIn(modelsFile) });
    },
  },
};

/**
 * The engine that the configuration chose.
 *
 * @param name as `ENGINE` has it
 * @throws ConfigError that names the variable and the remedy
 */
export function createEngine(name: string, settings: EngineSettings): Engine {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) {
    const known = Object.keys(kinds).join(', ');
    throw new ConfigError(`ENGINE: no such engine is known; set one of ${known}`);
  }
  const { address, create } = kind;
  if (address !== undefined && settings.url === undefined) {
    throw new ConfigError(
      `ENGINE_URL: is not set; give the address at which ${name} listens, such as ${address}`,
    );
  }
  if (address === undefined && settings.url !== undefined) {
    throw new ConfigError(`ENGINE_URL: the engine ${name} has no address; leave it out`);
  }
  assertFilesFit(name, kind, settings);
  return create(settings);
}

const listIn = (file: string | undefined): ModelList | undefined =>
  file === undefined ? undefined : readModelList(file);

function assertFilesFit(
  name: string,
  { models }: EngineKind,
  { modelsFile, apiKeyFile }: EngineSettings,
): void {
  if (models === 'described' && modelsFile === undefined) {
    throw new ConfigError(
      `ENGINE_MODELS: is not set; name a JSON file that says what the models of ${name} can do, for its server does not`,
    );
  }
  if (models !== undefined) return;
  for (const [variable, file] of Object.entries({
    ENGINE_MODELS: modelsFile,
    ENGINE_API_KEY_FILE: apiKeyFile,
  })) {
    if (file === undefined) continue;
    throw new ConfigError(`${variable}: the engine ${name} does not read it; leave it out`);
  }
}
