import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EngineRequest } from '../../engine.js';
import { parseModelFile } from '../models/model-file.js';
import { modelOffer } from '@safelight/contracts';
import { offerOf as agentOffer } from '../../../agent/model-offer.js';
import { offerOfWorkflow } from '../models/offered.js';
import { asking } from '../test/asking.js';
import { fillWorkflow } from './fill.js';
import { readWorkflows } from './manifest.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-workflows-'));
});
afterEach(() => rm(folder, { recursive: true }));

const place = (field: string) => ({ node: '1', field });
const sized = { width: place('width'), height: place('height') };
const graph = {
  1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, seed: 1, fps: 8, text: '' } },
};
const manifest = {
  ...{ name: 'team/card', description: 'A card', operations: ['generate'], graph: 'card.json' },
  ...{
    inputs: { ...sized, seed: place('seed') },
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
    expect(workflow?.inputs.get('width')).toEqual([{ node: '1', field: 'width' }]);
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
      /node 1 \(EmptyImage\) has no input breadth, but width,/,
    ],
    ['an output that is not there', { output: '9' }, /output: the graph has no node 9/],
    ['an operation without its pictures', { operations: ['edit'] }, /edit needs image, mask/],
    ['no place for the size', { inputs: { seed: place('seed') } }, /generate needs width, or its/],
    ['no place for the seed', { inputs: sized }, /generate needs seed, or "deterministic"/],
    [
      'a video of no length',
      { operations: ['video'], inputs: { ...sized, seed: place('seed'), fps: place('fps') } },
      /video needs seconds or frames/,
    ],
    [
      'a video of no rate',
      { operations: ['video'], inputs: { ...sized, seed: place('seed'), frames: place('fps') } },
      /video needs fps/,
    ],
    [
      'more pixels than can be read again',
      { max_width: 8_192, max_height: 8_192 },
      /40 megapixels/,
    ],
    ['a name of what is not served', { name: 'team/NudifyXL' }, /not served here/],
    ['a description of it', { description: 'Removes clothes' }, /not served here/],
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

  it('is refused for a word in its graph of what is not served', async () => {
    const { inputs } = graph[1];
    const deep = {
      1: { class_type: 'EmptyImage', inputs: { ...inputs, more: [{ a: 'nudify.pt' }] } },
    };
    expect(await reading({}, deep)).toThrow(/card\.json: "nudify" names what is not served here/);
  });

  it('may have values of its own: they are offered, and nothing else is done', async () => {
    const fixed = { width: 512, height: 512, seconds: 2, fps: 8 };
    const own = { operations: ['video'], inputs: { seed: place('seed') }, fixed, default_steps: 4 };
    const most = { max_width: 1_024, max_height: 1_024 };
    const [workflow] = (await reading({ ...own, ...most }))();
    if (!workflow) throw new Error('no workflow');
    const { description, ...offer } = offerOfWorkflow(workflow);
    expect(offer).toMatchObject({ maxWidth: 512, maxHeight: 512, maxSeconds: 2, maxFps: 8 });
    expect(description).toContain('width 512, height 512, seconds 2, fps 8');
    const filled = (part: Partial<EngineRequest>) => () => {
      const { width, height } = fixed;
      const asked = {
        operation: 'video',
        prompt: '',
        width,
        height,
        steps: 4,
        seconds: 2,
      } as const;
      const given = { pictures: { references: [], controls: [] }, prefix: 'x' };
      return fillWorkflow(workflow, asking({ ...asked, ...part }), given);
    };
    expect(filled({})().graph['1']?.inputs['seed']).toBe(41);
    expect(filled({ seconds: 1 })).toThrow(/seconds of its own, 2/);
    expect(filled({ width: 256 })).toThrow(/width of its own, 512/);
    expect(filled({ fps: 16 })).toThrow(/fps of its own, 8/);
    expect(filled({ steps: 50 })).toThrow(/steps of its own, 4/);
  });

  it('says which picture it needs, and what it has no place for', async () => {
    const places = { ...sized, seed: place('seed'), image: place('text'), sampler: place('text') };
    const [workflow] = (await reading({ inputs: places, vram_bytes: 12e9 }))();
    if (!workflow) throw new Error('no workflow');
    const offer = agentOffer(offerOfWorkflow(workflow));
    expect(offer).toMatchObject({
      vramBytes: 12e9,
      requires: ['image'],
      lacks: ['negative_prompt', 'automask'],
    });
    expect(offer.samplers).toContain('DPM++ 2M Karras');
    expect(offer.samplers).not.toContain('PLMS');
    expect(modelOffer.parse(offer)).toMatchObject(offer);
  });

  it('offers the length of its videos, and makes no longer ones', async () => {
    const inputs = { ...sized, seed: place('seed'), frames: place('fps'), fps: place('fps') };
    const [workflow] = (await reading({ operations: ['video'], inputs, max_seconds: 3 }))();
    if (!workflow) throw new Error('no workflow');
    expect(offerOfWorkflow(workflow)).toMatchObject({ maxSeconds: 3, maxFps: 30 });
    const filled = (part: Partial<EngineRequest>) => () =>
      fillWorkflow(workflow, asking({ operation: 'video', prompt: '', steps: 1, ...part }), {
        ...{ pictures: { references: [], controls: [] }, prefix: 'x' },
      });
    expect(filled({ seconds: 60, fps: 8 })).toThrow(/up to 3 seconds/);
    expect(filled({ seconds: 2, fps: 60 })).toThrow(/up to 30 fps/);
    expect(filled({ seconds: 2, fps: 8 })).not.toThrow();
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
    [
      'more pixels than can be read again',
      { max_width: 8_192, max_height: 8_192 },
      /40 megapixels/,
    ],
    ['a name of what is not served', { name: 'RealNudes v3' }, /not served here/],
    ['a file of what is not served', { files: { checkpoint: 'nsfwXL.pt' } }, /not served here/],
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

  it('is refused for a part that is named for what is not served', () => {
    const lora = { name: 'x', file: 'clothes-remover.safetensors', families: ['sdxl'] };
    expect(() => parseModelFile({ loras: [lora] }, 'm.json')).toThrow(/not served here/);
  });

  it('is refused where two parts have one name', () => {
    const lora = { name: 'x', file: 'x', families: ['sdxl'] };
    expect(() => parseModelFile({ loras: [lora, lora] }, 'm.json')).toThrow(/loras has x twice/);
  });
});
