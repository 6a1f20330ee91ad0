import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { type io } from '@tensorflow/tfjs-core';
import { knownPicture, type PinnedModel } from './models.js';

/** A file of a model is not the one that is pinned: nobody knows what it would say. */
export class ModelFileRefused extends Error {
  constructor(path: string) {
    super(`${path} does not have the SHA-256 that is pinned`);
    this.name = 'ModelFileRefused';
  }
}

const require = createRequire(import.meta.url);
const folders: Readonly<Record<PinnedModel['folder'], string>> = {
  human: join(dirname(require.resolve('@vladmandic/human')), '..'),
  nsfwjs: join(dirname(require.resolve('nsfwjs')), '..'),
};

/** Reads a file of a package, whole, before anything is made of it. @throws ModelFileRefused */
async function pinned(folder: PinnedModel['folder'], path: string, digest: string) {
  const bytes = await readFile(join(folders[folder], path));
  if (hash('sha256', bytes, 'hex') !== digest) throw new ModelFileRefused(path);
  return bytes;
}

export const readKnownPicture = (): Promise<Buffer> =>
  pinned(knownPicture.folder, knownPicture.file, knownPicture.digest);

interface Topology extends Pick<io.ModelJSON, 'modelTopology' | 'format' | 'weightsManifest'> {
  readonly signature?: object;
  readonly userDefinedMetadata?: { readonly signature?: object };
}

/** @throws ModelFileRefused, or the file system's error */
export async function artifactsOf({ folder, files }: PinnedModel): Promise<io.ModelArtifacts> {
  const read = Object.entries(files).map(([path, digest]) => pinned(folder, path, digest));
  const [topology, ...weights] = await Promise.all(read);
  if (!topology) throw new Error('a model has no files');
  const isScript = folder === 'nsfwjs';
  const json = (isScript ? exportOf(topology) : JSON.parse(topology.toString())) as Topology;
  const parts = weights.map((one) =>
    isScript ? Buffer.from(exportOf(one) as string, 'base64') : one,
  );
  return {
    modelTopology: json.modelTopology,
    ...(json.format === undefined ? {} : { format: json.format }),
    signature: json.signature ?? json.userDefinedMetadata?.signature ?? {},
    weightSpecs: json.weightsManifest.flatMap(({ weights: specs }) => specs),
    weightData: Uint8Array.from(Buffer.concat(parts)).buffer,
  };
}

/** nsfwjs keeps its data in scripts that export it. Their bytes are pinned, and they see nothing of ours. */
function exportOf(script: Buffer): unknown {
  const module = { exports: undefined as unknown };
  runInNewContext(script.toString(), { module, exports: {} });
  const { exports } = module;
  return typeof exports === 'string' ? exports : JSON.parse(JSON.stringify(exports));
}
