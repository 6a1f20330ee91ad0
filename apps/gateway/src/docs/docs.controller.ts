import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../admission/admission.guard.js';
import { notFound } from '../http/refusals.js';
import { Assets } from './assets.js';
import { Documents } from './documents.js';
import { errorsPage, referencePage } from './pages.js';

/**
 * Everything is from here, nothing is inline: the pages run no script and load no style but ours. Swagger
 * UI shows its arrows as `data:` images.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
} as const;

const DOCUMENT_CACHE = 'public, max-age=60';

/** The documents of the API, and a reference to read them in. */
@Controller()
export class DocsController {
  constructor(
    @Inject(Documents) private readonly documents: Documents,
    @Inject(Assets) private readonly assets: Assets,
  ) {}

  @Get('api/openapi.json')
  @Public()
  async openApi(@Res() reply: FastifyReply) {
    await sendDocument(reply, await this.documents.openApi());
  }

  @Get('api/asyncapi.json')
  @Public()
  async asyncApi(@Res() reply: FastifyReply) {
    await sendDocument(reply, this.documents.asyncApi());
  }

  @Get('docs')
  @Public()
  async reference(@Res() reply: FastifyReply) {
    await reply.headers(pageHeaders).send(referencePage);
  }

  @Get('docs/errors')
  @Public()
  async errors(@Res() reply: FastifyReply) {
    await reply.headers(pageHeaders).send(errorsPage);
  }

  @Get('docs/assets/:file')
  @Public()
  async asset(
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const asset = await this.assets.find(file);
    if (asset === undefined) throw notFound();
    const zipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    await reply
      .headers({
        'content-type': asset.mediaType,
        'cache-control': 'public, max-age=3600',
        'x-content-type-options': 'nosniff',
        vary: 'accept-encoding',
        ...(zipped ? { 'content-encoding': 'gzip' } : {}),
      })
      .send(zipped ? asset.zipped : asset.bytes);
  }
}

const sendDocument = (reply: FastifyReply, text: string) =>
  reply
    .headers({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': DOCUMENT_CACHE,
      // Public by nature: tools in a browser may read it.
      'access-control-allow-origin': '*',
    })
    .send(text);
