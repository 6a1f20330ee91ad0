import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { ObjectStore } from '@safelight/object-store';
import { ObjectNotFound, SignatureRefused, SignedUrls } from '@safelight/object-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../admission/admission.guard.js';
import { Problem } from '../http/problem.js';
import { notFound } from '../http/refusals.js';
import { OBJECT_STORE } from '../tokens.js';

/** Hands out stored files to whoever holds a signed link: one object, one method, 15 minutes. */
@Controller('api/v1/files')
export class FilesController {
  constructor(
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(SignedUrls) private readonly urls: SignedUrls,
  ) {}

  @Get('*')
  @Public()
  async download(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { key } = this.verify(request.url);
    const object = await this.store.stream(key).catch((error: unknown) => {
      throw error instanceof ObjectNotFound ? notFound() : error;
    });
    await reply
      .headers({
        'content-type': object.mediaType,
        'content-length': object.bytes,
        'cache-control': 'private, max-age=900, immutable',
        'content-disposition': `inline; filename="${key.split('/').at(-1) ?? 'output'}"`,
        // Whoever has the link may show the picture on a page of theirs.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .send(object.stream);
  }

  private verify(url: string) {
    try {
      return this.urls.verify(url, 'GET', new Date());
    } catch (error) {
      if (!(error instanceof SignatureRefused)) throw error;
      throw new Problem(
        'FORBIDDEN',
        'This link has expired or was altered; read the job again for a fresh one.',
      );
    }
  }
}
