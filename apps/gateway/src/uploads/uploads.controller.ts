import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { uploadRequest, type UploadResource } from '@safelight/contracts';
import type { FastifyRequest } from 'fastify';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { validationProblem } from '../http/validation.js';
import { PictureIntake } from '../pictures/picture-intake.js';
import type { Picture } from '../pictures/picture.js';
import type { UploadRow } from './upload.entity.js';
import { Uploads } from './uploads.js';

/** An image once, used by many jobs: as its own bytes, or in JSON. */
@Controller('api/v1/uploads')
@Needs('jobs:write')
export class UploadsController {
  constructor(
    @Inject(Uploads) private readonly uploads: Uploads,
    @Inject(PictureIntake) private readonly intake: PictureIntake,
  ) {}

  @Post()
  @HttpCode(201)
  async make(@TheCaller() { accountId }: Caller, @Req() request: FastifyRequest) {
    const picture = await this.pictureIn(request.body, accountId);
    return { data: present(await this.uploads.keep(accountId, picture)), meta: {} };
  }

  @Get(':id')
  async get(@TheCaller() { accountId }: Caller, @Param('id') id: string) {
    return { data: present(await this.uploads.get(accountId, id)), meta: {} };
  }

  @Delete(':id')
  async remove(@TheCaller() { accountId }: Caller, @Param('id') id: string) {
    return { data: present(await this.uploads.delete(accountId, id)), meta: {} };
  }

  private pictureIn(body: unknown, accountId: string): Promise<Picture> {
    if (Buffer.isBuffer(body)) return this.intake.clean(body, '');
    const parsed = uploadRequest.safeParse(body ?? {});
    if (!parsed.success) throw validationProblem(parsed.error.issues);
    return this.intake.read(accountId, { pointer: '/image', reference: parsed.data.image });
  }
}

const present = (row: UploadRow): UploadResource => ({
  id: row.id,
  media_type: row.mediaType,
  width: row.width,
  height: row.height,
  bytes: row.bytes,
  created_at: row.createdAt.toISOString(),
  expires_at: row.expiresAt.toISOString(),
});
