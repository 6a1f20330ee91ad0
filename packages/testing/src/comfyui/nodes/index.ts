import type { FileFolders } from '../files.js';
import { conditioning } from './conditioning.js';
import type { InputSpec, NodeDefinition } from './define.js';
import { latents } from './latents.js';
import { loaders } from './loaders.js';
import { pictureNodes } from './pictures.js';
import { saving } from './saving.js';

/** The core nodes that this server knows, by class. */
export const coreNodes: ReadonlyMap<string, NodeDefinition> = new Map(
  Object.entries({ ...loaders, ...conditioning, ...latents, ...pictureNodes, ...saving }),
);

const FILES = 'files:';

/** The values that an input can take, where it is a choice. */
export function choicesOf([type]: InputSpec, files: FileFolders): readonly string[] | undefined {
  if (typeof type !== 'string') return type;
  return type.startsWith(FILES) ? files.modelsIn(type.slice(FILES.length)) : undefined;
}

/** One class as `/object_info` describes it: choices stand apart in nodes of the newer kind. */
export function objectInfo(name: string, node: NodeDefinition, files: FileFolders): unknown {
  const stated = (inputs: Readonly<Record<string, InputSpec>> = {}) =>
    Object.fromEntries(
      Object.entries(inputs).map(([input, spec]) => {
        const choices = choicesOf(spec, files);
        const [type, options = {}] = spec;
        if (choices === undefined) return [input, [type, options]];
        const newer = ['COMBO', { ...options, multiselect: false, options: choices }];
        return [input, node.newer === true ? newer : [choices, options]];
      }),
    );
  const input = { required: stated(node.required), optional: stated(node.optional) };
  return {
    input,
    input_order: { required: Object.keys(input.required), optional: Object.keys(input.optional) },
    output: node.output,
    output_is_list: node.output.map(() => false),
    output_name: node.output,
    name,
    display_name: name,
    description: '',
    python_module: 'nodes',
    category: 'test',
    output_node: node.outputNode ?? false,
  };
}
