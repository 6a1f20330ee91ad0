import type { z } from 'zod';
import { EngineError } from '../engine.js';
import type { EngineAnswer } from './engine-http.js';

/** Enough of an answer to find out what was wrong with it. */
const QUOTED = 2_000;

const OUT_OF_MEMORY = /out ?of ?memory|failed to allocate/i;

const CODES: Readonly<Record<number, string>> = {
  400: 'engine.request_invalid',
  401: 'engine.unauthorized',
  403: 'engine.unauthorized',
  404: 'engine.not_found',
  408: 'engine.unreachable',
  409: 'engine.conflict',
  410: 'engine.not_found',
  413: 'engine.request_invalid',
  422: 'engine.request_invalid',
  429: 'engine.busy',
  503: 'engine.not_ready',
  504: 'engine.unreachable',
};

/**
 * Why a server refused or failed, in our own codes. What it says may name files and repeat the prompt:
 * it is the cause, for the log, and no part of the message.
 */
export function faultIn({ status, bytes }: EngineAnswer, name: string): EngineError {
  const text = bytes.subarray(0, QUOTED).toString('utf8');
  const options = { cause: `${status}: ${text}` };
  if (status >= 500 && OUT_OF_MEMORY.test(text)) {
    return new EngineError('engine.out_of_memory', "The GPU's memory was full.", options);
  }
  const code = CODES[status] ?? 'engine.fault';
  return new EngineError(code, `${name} answered ${status}.`, options);
}

/** A failure that a server tells about in an answer of 200, as of a job. */
export function failureIn(told: string, name: string): EngineError {
  const options = { cause: told.slice(0, QUOTED) };
  if (OUT_OF_MEMORY.test(told)) {
    return new EngineError('engine.out_of_memory', "The GPU's memory was full.", options);
  }
  return new EngineError('engine.execution_failed', `${name} failed.`, options);
}

/** @throws EngineError as `faultIn` says, for anything but a success */
export function sound(answer: EngineAnswer, name: string): EngineAnswer {
  if (answer.status < 200 || answer.status > 299) throw faultIn(answer, name);
  return answer;
}

/** @throws EngineError also `engine.answer_unreadable`, for what is no JSON or another one */
export function jsonIn<S extends z.ZodType>(
  answer: EngineAnswer,
  schema: S,
  name: string,
): z.output<S> {
  const { bytes } = sound(answer, name);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw unreadable(name, error);
  }
  const read = schema.safeParse(value);
  if (!read.success) throw unreadable(name, read.error);
  return read.data;
}

const BASE64 = /^(?:data:[^,]*;base64,)?([A-Za-z0-9+/\s]+={0,2})\s*$/;

/** @throws EngineError `engine.output_missing`, `engine.answer_unreadable` */
export function bytesIn(base64: string | null | undefined, name: string): Buffer {
  if (base64 === undefined || base64 === null || base64 === '') {
    throw new EngineError('engine.output_missing', `${name} answered without a result.`);
  }
  const found = BASE64.exec(base64);
  if (!found) throw unreadable(name, 'no base64');
  return Buffer.from(found[1] ?? '', 'base64');
}

const unreadable = (name: string, cause: unknown): EngineError =>
  new EngineError('engine.answer_unreadable', `${name} answered what cannot be read.`, { cause });
