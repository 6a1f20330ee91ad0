import { json, ok, parsed, type Asked, type Handler } from './answer.js';

const idsIn = (asked: Asked): readonly string[] | 'all' => {
  const { clear, delete: ids } = parsed(asked);
  if (clear === true) return 'all';
  return Array.isArray(ids) ? ids.map(String) : [];
};

/** What the server remembers of prompts. */
export const HISTORY_ROUTES: Readonly<Record<string, Handler>> = {
  'GET queue': (server) => json(server.queue.listed),
  'POST queue': (server, asked) => {
    server.queue.deletePending(idsIn(asked));
    return ok;
  },
  'GET history': (server, { path: [, id], query }) => {
    const all = Object.entries(server.queue.history(id));
    const most = Number(query.get('max_items') ?? all.length);
    const from = Number(query.get('offset') ?? Math.max(0, all.length - most));
    return json(Object.fromEntries(all.slice(from, from + most)));
  },
  'POST history': (server, asked) => {
    server.queue.deleteHistory(idsIn(asked));
    return ok;
  },
};
