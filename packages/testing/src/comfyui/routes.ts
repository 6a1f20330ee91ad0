import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { json, ok, parsed, Refusal, type Answer, type Handler, type Served } from './answer.js';
import { objectInfo } from './nodes/index.js';
import { HISTORY_ROUTES } from './history-routes.js';

const handlers: Readonly<Record<string, Handler>> = {
  ...HISTORY_ROUTES,
  'GET prompt': (server) => json({ exec_info: { queue_remaining: server.queue.remaining } }),
  'POST prompt': (server, asked) => {
    const { status, body } = server.submit(parsed(asked));
    return json(body, status);
  },
  'POST interrupt': (server, asked) => {
    const id = parsed(asked)['prompt_id'];
    server.queue.interrupt(typeof id === 'string' ? id : undefined);
    return ok;
  },
  'POST free': (server, asked) => {
    const { unload_models: unload, free_memory: free } = parsed(asked);
    if (unload === true || free === true) server.queue.forgetModels();
    return ok;
  },
  'GET object_info': (server, { path: [, name] }) => {
    if (server.unavailable) throw new Refusal(503);
    const known = [...server.nodes].filter(([one]) => name === undefined || one === name);
    return json(
      Object.fromEntries(known.map(([one, node]) => [one, objectInfo(one, node, server.files)])),
    );
  },
  'GET system_stats': () => {
    const system = { os: 'posix', comfyui_version: '0.3.64', pytorch_version: '2.7.0+cu128' };
    const memory = { vram_total: 25_757_220_864, vram_free: 20_000_000_000 };
    const device = { name: 'cuda:0 Test', type: 'cuda', index: 0, ...memory };
    return json({
      system: { ...system, ram_total: 64e9, ram_free: 32e9 },
      devices: [{ ...device, torch_vram_total: 0, torch_vram_free: 0 }],
    });
  },
  'GET features': () => json({ supports_preview_metadata: true, max_upload_size: 104_857_600 }),
  'GET embeddings': (server) => json(server.files.modelsIn('embeddings').map(withoutEnding)),
  'GET models': (server, { path: [, folder] }) =>
    json(folder === undefined ? Object.keys(server.files.models) : server.files.modelsIn(folder)),
  'GET view': (server, { query }) => {
    const filename = query.get('filename');
    if (filename === null || filename === '') throw new Refusal(400);
    const subfolder = query.get('subfolder') ?? '';
    if (filename.startsWith('/') || `${filename}/${subfolder}`.includes('..'))
      throw new Refusal(403);
    const bytes = server.files.read({ filename, subfolder, type: query.get('type') ?? 'output' });
    if (bytes === undefined) throw new Refusal(404);
    return { status: 200, type: typeOf(filename), body: bytes };
  },
  'POST upload': async (server, asked) => {
    const sent = new Response(new Uint8Array(asked.body), {
      headers: { 'content-type': asked.type },
    });
    // A test's own small uploads: the warning is about hostile ones.
    // oxlint-disable-next-line typescript/no-deprecated
    const form = await sent.formData();
    const image = form.get('image');
    if (!(image instanceof File)) throw new Refusal(400);
    const bytes = Buffer.from(await image.arrayBuffer());
    const [type, subfolder] = [form.get('type') ?? 'input', form.get('subfolder') ?? ''].map(
      String,
    );
    const folder = { type: type ?? 'input', subfolder: subfolder ?? '' };
    const replace = form.get('overwrite') === 'true' || form.get('overwrite') === '1';
    const filename = replace
      ? image.name
      : freeName(server, { filename: image.name, ...folder }, bytes);
    server.files.write({ filename, ...folder }, bytes);
    return json({ name: filename, ...folder });
  },
};

/** Renamed `x (1).png` where another file has the name; the same bytes keep theirs. */
function freeName(
  server: Served,
  wanted: { filename: string; subfolder: string; type: string },
  bytes: Buffer,
): string {
  const cut = wanted.filename.lastIndexOf('.');
  for (let copy = 0; ; copy += 1) {
    const [stem, ending] = [wanted.filename.slice(0, cut), wanted.filename.slice(cut)];
    const filename = copy === 0 ? wanted.filename : `${stem} (${copy})${ending}`;
    const there = server.files.read({ ...wanted, filename });
    if (there === undefined || digest(there) === digest(bytes)) return filename;
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const withoutEnding = (name: string): string => name.replace(/\.[^.]+$/, '');
const typeOf = (name: string): string => (name.endsWith('.mp4') ? 'video/mp4' : 'image/png');

/** Every route answers under `/api` too. */
export async function route(server: Served, request: IncomingMessage): Promise<Answer> {
  const { origin, host } = request.headers;
  if (origin !== undefined && new URL(origin).host !== host) throw new Refusal(403);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  if (path[0] === 'api') path.shift();
  const handler = handlers[`${request.method ?? ''} ${path[0] ?? ''}`];
  if (handler === undefined) throw new Refusal(404);
  const type = request.headers['content-type'] ?? '';
  return handler(server, { path, query: url.searchParams, body: await buffer(request), type });
}
