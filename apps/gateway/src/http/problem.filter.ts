import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException, Inject } from '@nestjs/common';
import type { Telemetry } from '@safelight/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { admittedOf } from '../admission/admission.guard.js';
import { Replay } from '../admission/replay.js';
import { wordingFor } from '../dialects/wording.js';
import { TELEMETRY } from '../tokens.js';
import { Problem } from './problem.js';
import { bodyTooLarge, notFound, problemOf } from './refusals.js';

function brokenJson(message: string): Problem {
  return new Problem('VALIDATION_ERROR', `The body ${message}.`, {
    errors: [{ pointer: '', message }],
  });
}

/** Turns whatever was thrown into one problem, told as clients under its address expect; only faults of ours are logged as errors. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(TELEMETRY) private readonly telemetry: Telemetry) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    if (error instanceof Replay) {
      const headers = { ...error.headers, 'idempotent-replayed': 'true' };
      void reply.status(error.status).headers(headers).send(error.body);
      return;
    }
    const problem = this.toProblem(error);
    const admitted = admittedOf(request);
    // Decided before anything is held or stored, or told of a job that is over.
    if (admitted !== undefined && problem.code === 'GPU_UNAVAILABLE')
      admitted.refusedForSure = true;
    const { status, headers, body } = wordingFor(request.url)(problem, request);
    void reply
      .status(status)
      .headers({ ...problem.options.headers, ...headers })
      .send(JSON.stringify(body));
  }

  private toProblem(error: unknown): Problem {
    const known = problemOf(error) ?? fromHttp(error);
    if (known !== undefined) return known;
    this.telemetry.logger.error({ err: error }, 'a request failed through a fault of ours');
    return new Problem('INTERNAL', 'This is a fault of ours. Tell us the request_id if it stays.');
  }
}

/** Faults that Fastify or Nest finds before a handler runs. */
function fromHttp(error: unknown): Problem | undefined {
  const status = statusOf(error);
  if (status === undefined || status >= 500) return undefined;
  if (status === 404 || status === 405) return notFound();
  if (status === 413) return bodyTooLarge();
  if (status === 415)
    return new Problem(
      'UNSUPPORTED_MEDIA',
      'Send JSON with the header content-type: application/json; POST /api/v1/uploads takes image/png, image/jpeg and image/webp as well.',
    );
  return brokenJson('is not a JSON document; check quotes, commas and brackets');
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number')
    return error.statusCode;
  return undefined;
}
