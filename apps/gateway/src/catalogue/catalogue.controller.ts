import { Controller, Get, Inject, Query } from '@nestjs/common';
import { noQuery } from '@safelight/contracts';
import { Public } from '../admission/admission.guard.js';
import { Models } from './models.js';
import { styles } from './styles.js';

/** What can be asked for now. */
@Controller('api/v1')
export class CatalogueController {
  constructor(@Inject(Models) private readonly offered: Models) {}

  @Get('models')
  @Public()
  async models(@Query({ schema: noQuery }) _: object) {
    return { data: await this.offered.list(), meta: { next_cursor: null } };
  }

  @Get('styles')
  @Public()
  styles(@Query({ schema: noQuery }) _: object) {
    return { data: styles, meta: { next_cursor: null } };
  }
}
