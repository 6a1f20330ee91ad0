import multipart, { type Multipart } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../http/problem.js';
import { UPLOAD_MAX_BYTES } from '../../pictures/picture-intake.js';

/** The one route that takes forms. */
const EDITS = '/v1/images/edits';
/** An image, a mask as large, and the fields beside them. */
export const FORM_MAX_BYTES = 2 * UPLOAD_MAX_BYTES + 64 * 1024;
const FIELD_MAX_BYTES = 32 * 1024;
const TOO_LARGE = 413;

/** A form, where one is taken. */
export const isFormHere = ({ headers, routeOptions }: FastifyRequest): boolean =>
  isForm(headers['content-type']) && routeOptions.url === EDITS;

export const isForm = (contentType = ''): boolean =>
  contentType.toLowerCase().startsWith('multipart/form-data');

/** Takes forms in as if they had been JSON: texts as they are, files in base64. */
export function acceptForms(fastify: FastifyInstance): void {
  void fastify.register(multipart, {
    limits: {
      ...{ fileSize: UPLOAD_MAX_BYTES, files: 2, fields: 32, parts: 34 },
      ...{ fieldSize: FIELD_MAX_BYTES, fieldNameSize: 100, headerPairs: 100 },
    },
  });
  fastify.addHook('preValidation', async (request) => {
    if (isForm(request.headers['content-type'])) request.body = await readForm(request);
  });
}

async function readForm(request: FastifyRequest): Promise<Record<string, unknown>> {
  const read = new Map<string, string>();
  try {
    for await (const part of request.parts()) {
      if (read.has(part.fieldname)) throw unsound(`has ${part.fieldname} twice; send it once`);
      read.set(part.fieldname, await valueOf(part));
    }
  } catch (error) {
    throw error instanceof Problem ? error : asProblem(error);
  }
  return Object.fromEntries(read);
}

async function valueOf(part: Multipart): Promise<string> {
  if (part.type === 'file') return (await part.toBuffer()).toString('base64');
  if (part.valueTruncated) throw unsound(`has too long a text in ${part.fieldname}; shorten it`);
  return String(part.value);
}

function asProblem(error: unknown): unknown {
  const status: unknown = error instanceof Error && 'statusCode' in error ? error.statusCode : 0;
  if (status !== TOO_LARGE) return unsound('is not a sound form (multipart/form-data)');
  const detail = `The form is too large: at most an image and a mask of ${UPLOAD_MAX_BYTES} bytes each.`;
  return new Problem('PAYLOAD_TOO_LARGE', detail);
}

const unsound = (message: string): Problem =>
  new Problem('VALIDATION_ERROR', `The body ${message}.`, { errors: [{ pointer: '', message }] });
