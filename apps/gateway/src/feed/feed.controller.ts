import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { FeedItem, FeedQuery, JobView } from '@safelight/contracts';
import { encodeCursor, feedQuery, readFeed } from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Public } from '../admission/admission.guard.js';
import { PerAddress } from '../admission/per-address.js';
import { ReleaseGate } from '../files/release-gate.js';

/** What owners show to everybody. */
@Controller('api/v1/feed')
export class FeedController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
  ) {}

  @Get()
  @Public()
  @PerAddress(60)
  async feed(@Query({ schema: feedQuery }) { limit, cursor }: FeedQuery) {
    const page = await this.services.request(readFeed, { limit, before: cursor ?? null });
    const items = await Promise.all(page.jobs.map((job) => this.items(job)));
    const next_cursor = page.next === null ? null : encodeCursor(page.next);
    return { data: items.flat(), meta: { next_cursor } };
  }

  private async items(job: JobView): Promise<FeedItem[]> {
    const outputs = await this.gate.publish(job);
    return outputs.map(({ id, url, expires_at, media_type, width, height }) => ({
      ...{ id, job_id: job.id, url, expires_at, media_type, width, height },
      model: job.spec.model,
      created_at: job.createdAt,
    }));
  }
}
