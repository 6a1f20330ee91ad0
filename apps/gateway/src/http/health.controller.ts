import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../admission/admission.guard.js';
import { Readiness } from './readiness.js';

@Controller('api/v1')
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  @Get('health')
  @Public()
  health() {
    return { data: { status: 'up' }, meta: {} };
  }

  @Get('ready')
  @Public()
  async ready(@Res() reply: FastifyReply) {
    const dependencies = await this.readiness.check();
    const able = Object.values(dependencies).every((state) => state === 'up');
    const status = !this.readiness.accepting() ? 'draining' : able ? 'ready' : 'not ready';
    await reply
      .status(status === 'ready' ? 200 : 503)
      .send({ data: { status, dependencies }, meta: {} });
  }
}
