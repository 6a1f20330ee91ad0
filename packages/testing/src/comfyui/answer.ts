import type { FileFolders } from './files.js';
import type { NodeDefinition } from './nodes/define.js';
import type { PromptQueue } from './prompt-queue.js';

export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: Buffer | string;
}

export class Refusal extends Error {
  constructor(readonly status: number) {
    super(`${status}`);
  }
}

/** A request, read whole. */
export interface Asked {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly type: string;
}

export type Handler = (server: Served, asked: Asked) => Answer | Promise<Answer>;

export const json = (body: unknown, status = 200): Answer => ({
  ...{ status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) },
});
export const ok: Answer = { status: 200, body: '' };
export const parsed = ({ body }: Asked): Record<string, unknown> =>
  body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);

/** What routes need of the server. */
export interface Served {
  readonly queue: PromptQueue;
  readonly files: FileFolders;
  readonly nodes: ReadonlyMap<string, NodeDefinition>;
  readonly unavailable: boolean;
  submit(body: Record<string, unknown>): { status: number; body: unknown };
}
