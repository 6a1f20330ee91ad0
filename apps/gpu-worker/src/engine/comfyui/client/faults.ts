import { z } from 'zod';
import { EngineError } from '../../engine.js';
import { missing } from '../../remote/refusals.js';

const fault = z.object({
  type: z.string(),
  message: z.string().default(''),
  details: z.string().default(''),
  extra_info: z.object({ input_name: z.string() }).partial().loose().optional(),
});
const nodeFaults = z.object({ errors: z.array(fault), class_type: z.string() });

/** `error` and `node_errors` of an answer of `POST /prompt`; some versions send lists for none. */
const refusal = z.object({
  error: z.union([fault, z.string()]).optional(),
  node_errors: z.record(z.string(), nodeFaults).or(z.array(z.unknown())).default({}),
});

/** Whether some outputs were dropped, although the answer was 200. */
export function hasNodeErrors(answer: unknown): boolean {
  const read = refusal.safeParse(answer);
  return read.success && Object.keys(read.data.node_errors).length > 0;
}

/** Why a graph was refused, wholly or in part, in our own codes. */
export function refusalOf(answer: unknown): EngineError {
  const read = refusal.safeParse(answer);
  if (!read.success) return new EngineError('engine.fault', 'ComfyUI refused without a reason.');
  const { error, node_errors: nodes } = read.data;
  const faults = Array.isArray(nodes)
    ? []
    : Object.values(nodes).flatMap(({ errors, class_type: kind }) =>
        errors.map((one) => ({ ...one, kind })),
      );
  const absent = faults.find(({ type }) => type === 'value_not_in_list');
  if (absent) {
    const input = absent.extra_info?.input_name ?? '';
    return missing(`ComfyUI does not have what ${absent.kind} was given as ${input}`);
  }
  const top = typeof error === 'object' ? error : { type: error ?? 'node_errors', message: '' };
  if (top.type === 'missing_node_type' || top.type === 'invalid_prompt') {
    return new EngineError('engine.node_missing', `ComfyUI: ${top.message}`);
  }
  const told = faults.map(({ kind, type, details }) => `${kind}: ${type} (${details})`).join('; ');
  const message = `ComfyUI refused the graph: ${told === '' ? top.type : told}`;
  return new EngineError('engine.graph_invalid', message);
}

const executionError = z.object({
  exception_type: z.string().default(''),
  exception_message: z.string().default(''),
  node_type: z.string().default(''),
});

const OUT_OF_MEMORY = /OutOfMemory|out of memory|Allocation on device/i;

/**
 * Why a run failed, from the messages that the history keeps. What an exception says may name files
 * and words: it is the cause, for the log, and no part of the message.
 */
export function failureOf(messages: readonly (readonly [string, unknown])[]): EngineError {
  const told = messages.find(([type]) => type === 'execution_error')?.[1];
  const read = executionError.safeParse(told ?? {});
  const {
    exception_type: type,
    exception_message: text,
    node_type: node,
  } = read.success ? read.data : { exception_type: '', exception_message: '', node_type: '' };
  const options = { cause: `${type}: ${text}` };
  if (OUT_OF_MEMORY.test(`${type} ${text}`)) {
    return new EngineError(
      'engine.out_of_memory',
      `The GPU's memory was full in ${node}.`,
      options,
    );
  }
  const where = node === '' ? '' : ` in ${node}`;
  return new EngineError('engine.execution_failed', `ComfyUI failed${where}.`, options);
}
