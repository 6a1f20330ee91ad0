import { z } from 'zod';

/** What a websocket frame says of one prompt. Previews, and frames that name no prompt, say nothing. */
export type Frame = { readonly promptId: string } & (
  | { readonly kind: 'cached'; readonly nodes: readonly string[] }
  | { readonly kind: 'progress'; readonly node: string; readonly share: number }
  /** Only now does the history have it: `execution_success` comes before. */
  | { readonly kind: 'done' }
  | { readonly kind: 'heard' }
);

const envelope = z.object({ type: z.string(), data: z.object({ prompt_id: z.string() }).loose() });
const cached = z.object({ nodes: z.array(z.string()) });
const progress = z.object({ value: z.number(), max: z.number(), node: z.string() });
const state = z.object({ value: z.number(), max: z.number() });
const states = z.object({ nodes: z.record(z.string(), state) });
const executing = z.object({ node: z.string().nullable() });

/** @param data as the socket gave it; binary frames are previews */
export function framesIn(data: unknown): Frame[] {
  if (typeof data !== 'string') return [];
  const read = envelope.safeParse(parsed(data));
  if (!read.success) return [];
  const { type, data: said } = read.data;
  const promptId = said.prompt_id;
  const told = detailsOf(type, said).map((one) => ({ ...one, promptId }));
  return told.length > 0 ? told : [{ kind: 'heard', promptId }];
}

type WithoutPrompt<F> = F extends unknown ? Omit<F, 'promptId'> : never;

function detailsOf(type: string, said: unknown): WithoutPrompt<Frame>[] {
  switch (type) {
    case 'execution_cached':
      return one(cached, said, ({ nodes }) => ({ kind: 'cached', nodes }));
    case 'progress':
      return one(progress, said, ({ value, max, node }) => ({
        ...{ kind: 'progress', node, share: shareOf(value, max) },
      }));
    case 'progress_state': {
      const read = states.safeParse(said);
      const nodes = read.success ? Object.entries(read.data.nodes) : [];
      return nodes.map(([node, { value, max }]) => ({
        ...{ kind: 'progress', node, share: shareOf(value, max) },
      }));
    }
    case 'executing':
      return one(executing, said, ({ node }) => ({ kind: node === null ? 'done' : 'heard' }));
    // Their details are read from the history, which has them too.
    case 'execution_error':
    case 'execution_interrupted':
      return [{ kind: 'done' }];
    default:
      return [];
  }
}

function one<T extends z.ZodType>(
  schema: T,
  said: unknown,
  frame: (read: z.output<T>) => WithoutPrompt<Frame>,
): WithoutPrompt<Frame>[] {
  const read = schema.safeParse(said);
  return read.success ? [frame(read.data)] : [];
}

const shareOf = (value: number, max: number): number =>
  max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
