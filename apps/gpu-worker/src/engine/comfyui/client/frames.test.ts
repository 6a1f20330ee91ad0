import { describe, expect, it } from '@jest/globals';
import { framesIn } from './frames.js';

const frame = (type: string, data: unknown): unknown => framesIn(JSON.stringify({ type, data }));
const promptId = 'p';
const prompt_id = 'p';

describe('a frame', () => {
  it('of progress names a node and its share', () => {
    expect(frame('progress', { value: 3, max: 4, node: '5', prompt_id })).toEqual([
      { kind: 'progress', promptId, node: '5', share: 0.75 },
    ]);
    const nodes = { 5: { value: 1, max: 0, state: 'running' }, 6: { value: 9, max: 3 } };
    expect(frame('progress_state', { nodes, prompt_id })).toEqual([
      { kind: 'progress', promptId, node: '5', share: 0 },
      { kind: 'progress', promptId, node: '6', share: 1 },
    ]);
  });

  it('ends a run only as the end of execution or as its failure', () => {
    expect(frame('executing', { node: null, prompt_id })).toEqual([{ kind: 'done', promptId }]);
    expect(frame('execution_error', { prompt_id })).toEqual([{ kind: 'done', promptId }]);
    expect(frame('execution_interrupted', { prompt_id })).toEqual([{ kind: 'done', promptId }]);
    expect(frame('execution_success', { prompt_id })).toEqual([{ kind: 'heard', promptId }]);
    expect(frame('executing', { node: '4', prompt_id })).toEqual([{ kind: 'heard', promptId }]);
  });

  it('that names no prompt, is a preview, or is none at all says nothing', () => {
    expect(frame('executing', { node: '4' })).toEqual([]);
    expect(frame('status', { status: {} })).toEqual([]);
    expect(framesIn(new ArrayBuffer(8))).toEqual([]);
    expect(framesIn('{')).toEqual([]);
    expect(framesIn('null')).toEqual([]);
  });

  it('of an odd shape is heard, and no more', () => {
    expect(frame('progress', { value: 'x', prompt_id })).toEqual([{ kind: 'heard', promptId }]);
    expect(frame('new_kind', { prompt_id })).toEqual([{ kind: 'heard', promptId }]);
  });
});
