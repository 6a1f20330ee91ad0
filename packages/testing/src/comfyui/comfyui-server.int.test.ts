import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.js';
import { ComfyuiServer } from './comfyui-server.js';

let server: ComfyuiServer;
beforeAll(async () => {
  server = await ComfyuiServer.start({ models: { vae: ['a.safetensors'] } });
});
afterAll(() => server.close());

const call = async (path: string, body?: unknown) => {
  const init = { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${server.url}/${path}`, body === undefined ? {} : init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
};
const node = (class_type: string, inputs: object) => ({ class_type, inputs });
const colour = { width: 8, height: 8, batch_size: 1, color: 0 };
const save = node('SaveImage', { images: ['1', 0], filename_prefix: 'x' });

/** A broken first node, and what a real server says of it. */
const faults: readonly (readonly [string, object, string])[] = [
  ['required_input_missing', node('EmptyImage', { ...colour, width: undefined }), '1'],
  ['value_smaller_than_min', node('EmptyImage', { ...colour, width: 0 }), '1'],
  ['value_bigger_than_max', node('EmptyImage', { ...colour, width: 99_999 }), '1'],
  ['invalid_input_type', node('EmptyImage', { ...colour, width: 'wide' }), '1'],
  ['bad_linked_input', node('ImageInvert', { image: ['7', 0] }), '1'],
  ['return_type_mismatch', node('VAELoader', { vae_name: 'a.safetensors' }), '2'],
  ['value_not_in_list', node('VAELoader', { vae_name: 'b.safetensors' }), '1'],
  ['custom_validation_failed', node('LoadImage', { image: 'gone.png' }), '1'],
  ['dependency_cycle', node('ImageInvert', { image: ['1', 0] }), '1'],
];

describe('the ComfyUI of tests', () => {
  it.each(faults)('refuses %s at its node', async (type, first, at) => {
    // A link to a node of another kind is wrong at the node that links.
    const decode = node('VAEDecode', { samples: ['1', 0], vae: ['1', 0] });
    const graph =
      type === 'value_not_in_list'
        ? { 1: first, 3: node('LoadImage', { image: 'gone.png' }), 2: decode, 4: saveOf('2') }
        : { 1: first, 2: save };
    const { status, body } = await call('prompt', { prompt: graph });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { type: 'prompt_outputs_failed_validation' } });
    const { node_errors: told } = body as { node_errors: Record<string, { errors: unknown[] }> };
    expect(told[at]?.errors).toContainEqual(expect.objectContaining({ type }));
  });
  const saveOf = (id: string) => node('SaveImage', { images: [id, 0], filename_prefix: 'x' });

  it.each([
    ['no_prompt', {}],
    ['missing_node_type', { prompt: { 1: node('Custom', {}) } }],
    ['prompt_no_outputs', { prompt: { 1: node('EmptyImage', colour) } }],
    ['invalid_prompt_id', { prompt: {}, prompt_id: 'mine' }],
  ])('refuses the whole for %s', async (type, body) => {
    expect(await call('prompt', body)).toMatchObject({ status: 400, body: { error: { type } } });
  });

  it('sends the frames of a run in the order of a real server', async () => {
    const frames: string[] = [];
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/ws?clientId=me`);
    socket.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return;
      const { type, data: said } = JSON.parse(data) as { type: string; data: { node?: unknown } };
      frames.push(said.node === null ? 'end' : type);
    });
    await eventually(() => frames.includes('status'));
    frames.splice(0);
    const id = randomUUID();
    const graph = { 1: node('EmptyImage', colour), 2: save };
    await call('api/prompt', { prompt: graph, prompt_id: id, client_id: 'me' });
    await eventually(() => frames.includes('end'));
    socket.close();
    const ran = ['progress_state', 'executing'];
    expect(frames).toEqual([
      ...['status', 'execution_start', 'execution_cached'],
      ...[...ran, 'progress_state', ...ran, 'executed', 'progress_state'],
      ...['execution_success', 'status', 'end'],
    ]);
    const { body } = await call(`history/${id}`);
    expect(body).toMatchObject({ [id]: { status: { completed: true, status_str: 'success' } } });
  });

  it('runs by number, lowest first, and lists what waits', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];

    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    server.beforeHistory = () => gate;
    for (const [at, id] of ids.entries()) {
      const graph = { 1: node('EmptyImage', { ...colour, color: at + 1 }), 2: save };
      await call('prompt', { prompt: graph, prompt_id: id, front: at === 2 });
    }
    const { body } = await call('queue');
    const { queue_running: running, queue_pending: pending } = body as Record<string, unknown[][]>;
    expect(running?.map(([, id]) => id)).toEqual([ids[0]]);
    expect(new Set(pending?.map(([, id]) => id))).toEqual(new Set(ids.slice(1)));
    open();
    await eventually(() => server.queue.remaining === 0);
    const ended = Object.keys(server.queue.history()).filter((id) =>
      (ids as string[]).includes(id),
    );
    expect(ended).toEqual([ids[0], ids[2], ids[1]]);
  });

  it('keeps an upload apart from another of its name, and answers nothing from outside', async () => {
    const upload = async (text: string) => {
      const form = new FormData();
      form.set('image', new Blob([text]), 'x.png');
      const response = await fetch(`${server.url}/upload/image`, { method: 'POST', body: form });
      return ((await response.json()) as { name: string }).name;
    };
    expect([await upload('a'), await upload('a'), await upload('b')]).toEqual([
      ...['x.png', 'x.png', 'x (1).png'],
    ]);
    const status = async (query: string) => (await fetch(`${server.url}/view?${query}`)).status;
    expect(await status('filename=x.png&type=input')).toBe(200);
    expect(await status('filename=../x.png&type=input')).toBe(403);
    expect(await status('filename=y.png')).toBe(404);
    expect(await status('')).toBe(400);
  });
});
