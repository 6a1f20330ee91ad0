import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** From the compiled file up to the root of the repository. */
const at = (path: string): string =>
  fileURLToPath(new URL(`../../../../../../${path}`, import.meta.url));

export const exampleModels = at('docs/examples/comfyui-models.json');
export const exampleWorkflows = at('apps/gpu-worker/workflows/examples');
export const weightlessWorkflows = at('apps/gpu-worker/workflows/weightless');

interface Listed {
  readonly models: readonly { files: Readonly<Record<string, unknown>> }[];
  readonly loras: readonly { file: string }[];
  readonly vaes: readonly { file: string }[];
  readonly controls: readonly { file: string }[];
  readonly references: readonly { file: string; clip_vision: string }[];
}

/** A ComfyUI's model folders with every file that the example speaks of. */
export function exampleFolders(): Record<string, string[]> {
  const listed = JSON.parse(readFileSync(exampleModels, 'utf8')) as Listed;
  const named = (...keys: string[]): string[] =>
    listed.models.flatMap(({ files }) => keys.flatMap((key) => files[key] ?? [])).map(String);
  const filesOf = (list: readonly { file: string }[]): string[] => list.map(({ file }) => file);
  return {
    checkpoints: named('checkpoint'),
    diffusion_models: named('unet', 'unet_low'),
    text_encoders: named('text_encoders'),
    vae: [...named('vae'), ...filesOf(listed.vaes)],
    upscale_models: named('upscale_model'),
    loras: filesOf(listed.loras),
    controlnet: filesOf(listed.controls),
    style_models: filesOf(listed.references),
    clip_vision: listed.references.map(({ clip_vision: vision }) => vision),
  };
}
