import { expect, it } from '@jest/globals';
import { readObjectInfo } from '../client/object-info.js';
import { readModelFile } from '../models/model-file.js';
import { asking } from '../test/asking.js';
import { exampleModels } from '../test/example-files.js';
import { buildPlan } from './build.js';

const parts = readModelFile(exampleModels);
const model = parts.models.find(({ name }) => name === 'ltx/video');
const pictures = { references: [], controls: [] };

const savedBy = (format: unknown[]): unknown => {
  const node = { input: { required: { format } }, output: [], output_node: true };
  const info = readObjectInfo({ SaveVideo: node, Odd: 'what a custom node may say of itself' });
  const request = asking({ operation: 'video', model: 'ltx/video', seconds: 1, fps: 8 });
  if (!model) throw new Error('the example lacks its video model');
  const { graph, output } = buildPlan(request, { model, parts, pictures, info, prefix: 'x' });
  return graph[output]?.inputs;
};

it.each([
  ['the oldest way', [['auto', 'mp4'], {}], 'codec'],
  ['the newer way', ['COMBO', { options: ['auto', 'mp4'] }], 'codec'],
  [
    'nested in the format',
    ['COMFY_DYNAMICCOMBO_V3', { options: [{ key: 'mp4' }] }],
    'format.codec',
  ],
])('names the codec where this ComfyUI has it: %s', (_, format, codec) => {
  expect(savedBy(format)).toMatchObject({ format: 'mp4' });
  expect(Object.keys(savedBy(format) as object)).toContain(codec);
});
