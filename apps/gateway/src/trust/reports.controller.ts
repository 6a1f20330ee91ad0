import { hash } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { ReportQuery, ReportRequest, ReportStateResource } from '@safelight/contracts';
import {
  fileReport,
  getReport,
  jobId as jobIdSchema,
  outputId as outputIdSchema,
  reportId as reportIdSchema,
  reportQuery,
  reportRequest,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Public } from '../admission/admission.guard.js';
import { PerAddress } from '../admission/per-address.js';
import { Problem } from '../http/problem.js';
import { notFound } from '../http/refusals.js';
import { imageFile } from './image-file.js';
import { ImageHashes } from './image-hashes.js';

/** What anybody may report about an image. */
@Controller('api/v1')
export class ReportsController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ImageHashes) private readonly hashes: ImageHashes,
  ) {}

  @Post('reports')
  @HttpCode(201)
  @Public()
  @PerAddress(10)
  async report(@Body({ schema: reportRequest }) body: ReportRequest) {
    const { reason, details, contact } = body;
    const notice = body.notice && {
      name: body.notice.signature,
      onBehalfOf: body.notice.on_behalf_of,
    };
    const subject = await this.subjectOf(body);
    const asked = { ...subject, reason, details, contact, notice };
    const filed = await this.services.request(fileReport, asked);
    const { reportId: id, state, createdAt, dueAt, handle, acknowledgement } = filed;
    const times = { created_at: createdAt, due_at: dueAt };
    return { data: { id, state, ...times, handle, acknowledgement }, meta: {} };
  }

  @Get('reports/:id')
  @Public()
  @PerAddress(60)
  async read(
    @Param('id') id: string,
    @Query({ schema: reportQuery }) { handle }: ReportQuery,
  ): Promise<{ data: ReportStateResource; meta: object }> {
    if (!reportIdSchema.safeParse(id).success) throw notFound();
    const found = await this.services.request(getReport, { reportId: id, handle });
    const data = {
      ...{ id: found.reportId, state: found.state, certificate: found.certificate },
      ...{ created_at: found.createdAt, due_at: found.dueAt },
      ...{ disabled_at: found.disabledAt, decided_at: found.decidedAt },
    };
    return { data, meta: {} };
  }

  /** What a report is about. Whether there is such a job is not told: anybody asks. */
  private async subjectOf({ image, ...named }: ReportRequest) {
    if (image === undefined) return { ...subjectOf(named), imageHashes: [] };
    const file = imageFile(image);
    const imageDigest = hash('sha256', file, 'hex');
    return { ...NOTHING, imageDigest, imageHashes: await this.hashes.of(file) };
  }
}

const NOTHING = { jobId: null, outputId: null, imageDigest: null as string | null };
const OUTPUT_PATH = /\/files\/jobs\/(job_\w+)\/\d+\/(out_\w+)\.\w+$/;

function subjectOf({ job_id, url }: Pick<ReportRequest, 'job_id' | 'url'>) {
  if (url === undefined) return { ...NOTHING, jobId: job_id ?? null };
  const path = URL.canParse(url) ? new URL(url).pathname : '';
  const [, jobId, outputId] = OUTPUT_PATH.exec(path) ?? [];
  const [job, output] = [jobIdSchema.safeParse(jobId), outputIdSchema.safeParse(outputId)];
  if (job.success && output.success) {
    return { ...NOTHING, jobId: job.data, outputId: output.data };
  }
  const message = 'is not the link of an output of this service; send the job_id or the image';
  throw new Problem('VALIDATION_ERROR', `/url ${message}.`, {
    errors: [{ pointer: '/url', message }],
  });
}
