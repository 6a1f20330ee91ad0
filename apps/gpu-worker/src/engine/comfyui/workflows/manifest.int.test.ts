import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseModelFile } from '../models/model-file.js';
import { readWorkflows } from './manifest.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-workflows-'));
});
afterEach(() => rm(folder, { recursive: true }));

const graph = { 1: { class_type: 'EmptyImage', inputs: { width: 8 } } };
const manifest = {
  ...{ name: 'team/card', description: 'A card', operations: ['generate'], graph: 'card.json' },
  ...{
    inputs: { width: { node: '1', field: 'width' } },
    output: '1',
    max_width: 64,
    max_height: 64,
  },
  ...{ default_steps: 1, gpu_seconds_per_megapixel_step: 0 },
};
const put = (name: string, json: unknown) => writeFile(join(folder, name), JSON.stringify(json));
const reading = async (part: object, of: unknown = graph) => {
  await put('card.json', of);
  await put('card.manifest.json', { ...manifest, ...part });
  return () => readWorkflows(folder);
};

describe('a workflow', () => {
  it('is read with its graph, a place for an input in a list', async () => {
    const [workflow] = (await reading({}))();
    expect(workflow).toMatchObject({ name: 'team/card', graph });
    expect([...(workflow?.inputs ?? [])]).toEqual([['width', [{ node: '1', field: 'width' }]]]);
  });

  it.each([
    ['an input that no request has', { inputs: { mood: { node: '1', field: 'width' } } }, /mood/],
    [
      'an input of a node that is not there',
      { inputs: { width: { node: '7', field: 'width' } } },
      /inputs\.width: the graph has no node 7/,
    ],
    [
      'a field that the node does not have',
      { inputs: { width: { node: '1', field: 'breadth' } } },
      /node 1 \(EmptyImage\) has no input breadth, but width/,
    ],
    ['an output that is not there', { output: '9' }, /output: the graph has no node 9/],
    ['an operation without its pictures', { operations: ['edit'] }, /edit needs image, mask/],
    ['an unknown operation', { operations: ['undress'] }, /operations/],
    ['a field too many', { lenght: 3 }, /lenght/],
    ['a graph elsewhere', { graph: '../card.json' }, /same folder/],
    ['a graph that is missing', { graph: 'other.json' }, /other\.json cannot be read/],
  ])('is refused for %s, in words', async (_, part, words) => {
    expect(await reading(part)).toThrow(words);
  });

  it("is refused where the graph is the editor's own format", async () => {
    expect(await reading({}, { nodes: [], links: [] })).toThrow(/card\.json/);
  });

  it('is refused where two have one name', async () => {
    const read = await reading({});
    await put('more.manifest.json', manifest);
    expect(read).toThrow(/two workflows are called team\/card/);
  });
});

describe('a model file', () => {
  const model = {
    ...{ name: 'a', description: 'A', family: 'sdxl', files: { checkpoint: 'a.safetensors' } },
    ...{ operations: ['generate'], max_width: 1024, max_height: 1024, default_steps: 20 },
    gpu_seconds_per_megapixel_step: 1,
  };
  const parsing = (part: object) => () =>
    parseModelFile({ models: [{ ...model, ...part }] }, 'm.json');

  it('is read', () => {
    expect(parsing({})().models[0]).toMatchObject({ name: 'a', image: 'none', scale: 4 });
  });

  it.each([
    ['a family that nobody knows', { family: 'sd99' }, /family/],
    ['no file at all', { files: {} }, /either a checkpoint or a unet/],
    ['both kinds of file', { files: { checkpoint: 'a', unet: 'b' } }, /either a checkpoint/],
    ['a unet alone', { files: { unet: 'b' } }, /text_encoders and its vae/],
    [
      'as many text encoders as no loader takes',
      { files: { unet: 'b', vae: 'v', text_encoders: ['1', '2', '3'] } },
      /no loader for 3 text encoders/,
    ],
    ['what the family cannot do', { operations: ['video'] }, /does generate, edit only/],
    [
      'an upscaler without its file',
      { family: 'upscaler', operations: ['upscale'] },
      /upscale_model/,
    ],
  ])('is refused for %s', (_, part, words) => {
    expect(parsing(part)).toThrow(words);
  });

  it('is refused where two parts have one name', () => {
    const lora = { name: 'x', file: 'x', families: ['sdxl'] };
    expect(() => parseModelFile({ loras: [lora, lora] }, 'm.json')).toThrow(/loras has x twice/);
  });
});
