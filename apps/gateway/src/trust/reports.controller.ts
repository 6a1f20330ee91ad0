import { hash } from 'node:crypto';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { ReportRequest } from '@safelight/contracts';
import {
  fileReport,
  jobId as jobIdSchema,
  outputId as outputIdSchema,
  reportRequest,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Public } from '../admission/admission.guard.js';
import { PerAddress } from '../admission/per-address.js';
import { Problem } from '../http/problem.js';
import { imageFile } from './image-file.js';

/** What anybody may report about an image. */
@Controller('api/v1')
export class ReportsController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Post('reports')
  @HttpCode(201)
  @Public()
  @PerAddress(10)
  async report(@Body({ schema: reportRequest }) body: ReportRequest) {
    const { reason, details, contact } = body;
    const asked = { ...subjectOf(body), reason, details, contact };
    const { reportId, state, createdAt, dueAt } = await this.services.request(fileReport, asked);
    return { data: { id: reportId, state, created_at: createdAt, due_at: dueAt }, meta: {} };
  }
}

const NOTHING = { jobId: null, outputId: null, imageDigest: null };
const OUTPUT_PATH = /\/files\/jobs\/(job_\w+)\/\d+\/(out_\w+)\.\w+$/;

/** What a report is about. Whether there is such a job is not told: anybody asks. */
function subjectOf({ job_id, url, image }: ReportRequest) {
  if (image !== undefined) {
    return { ...NOTHING, imageDigest: hash('sha256', imageFile(image), 'hex') };
  }
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
