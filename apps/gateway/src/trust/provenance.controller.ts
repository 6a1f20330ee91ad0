import { hash } from 'node:crypto';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { ProvenanceResource, VerifyRequest } from '@safelight/contracts';
import { findOutput, verifyRequest } from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Public } from '../admission/admission.guard.js';
import { PerAddress } from '../admission/per-address.js';
import { evidenceOf, verdictOf } from './evidence.js';
import { imageFile } from './image-file.js';
import { PictureReading } from './picture-reading.js';
import { readMark } from './read-mark.js';

const NOTICE =
  'made_here: our records know the file, its watermark, or what it shows. unknown says nothing about how an image was made: marks can be removed, and a picture can be changed until nothing is left to know it by.';

/** Of a picture without a watermark some may look as if; ours is among the first. */
const MOST_IDS = 16;

/** What anybody may ask about an image. */
@Controller('api/v1')
export class ProvenanceController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(PictureReading) private readonly pictures: PictureReading,
  ) {}

  @Post('provenance/verify')
  @HttpCode(200)
  @Public()
  @PerAddress(30)
  async verify(@Body({ schema: verifyRequest }) body: VerifyRequest) {
    const file = imageFile(body.image);
    const digest = hash('sha256', file, 'hex');
    const picture = await this.pictures.read(file);
    const { watermarks, likenesses } = picture;
    const known = await this.services.request(findOutput, {
      digest,
      likenesses: [...likenesses],
      watermarks: watermarks.slice(0, MOST_IDS).map(({ id }) => id),
    });
    const mark = readMark(file);
    const evidence = evidenceOf({ known, picture, mark });
    const data: ProvenanceResource = {
      verdict: verdictOf(evidence),
      evidence,
      sha256: digest,
      recorded_at: known.decidedAt,
      mark: mark && {
        digital_source_type: mark.digitalSourceType,
        creator_tool: mark.creatorTool,
      },
      notice: NOTICE,
    };
    return { data, meta: {} };
  }
}
