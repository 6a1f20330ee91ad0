import type { FastifyRequest } from 'fastify';
import type { Problem } from '../http/problem.js';

/** An error answer, ready to be sent. */
export interface Worded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** How every problem under one address is told. */
export type Wording = (problem: Problem, request: FastifyRequest) => Worded;
