import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../admission/admission.guard.js';
import { LinkedFiles } from './linked-files.js';

/** Hands out stored files to whoever holds a signed link: one object, one method, 15 minutes. */
@Controller('api/v1/files')
export class FilesController {
  constructor(@Inject(LinkedFiles) private readonly files: LinkedFiles) {}

  @Get('*')
  @Public()
  async download(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { key, range, ...object } = await this.files.open(request.url, request.headers.range);
    const { start, end } = range ?? { start: 0, end: object.bytes - 1 };
    // Players seek in a video: they ask for parts of it.
    if (range) {
      reply.status(206).header('content-range', `bytes ${start}-${end}/${object.bytes}`);
    }
    await reply
      .headers({
        'content-type': object.mediaType,
        'content-length': end - start + 1,
        'accept-ranges': 'bytes',
        'cache-control': 'private, max-age=900, immutable',
        'content-disposition': `inline; filename="${key.split('/').at(-1) ?? 'output'}"`,
        // Whoever has the link may show the picture on a page of theirs.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .send(object.stream);
  }
}
