import { Controller, Get, Inject } from '@nestjs/common';
import { Public } from '../admission/admission.guard.js';
import { PerAddress } from '../admission/per-address.js';
import { OutputStores } from '../storage/output-stores.js';
import { Models } from './models.js';
import { styles } from './styles.js';

/** What can be asked for now. */
@Controller('api/v1')
export class CatalogueController {
  constructor(
    @Inject(Models) private readonly offered: Models,
    @Inject(OutputStores) private readonly stores: OutputStores,
  ) {}

  @Get('models')
  @Public()
  @PerAddress(120)
  async models() {
    const output_storage = await this.stores.offered();
    return { data: await this.offered.list(), meta: { next_cursor: null, output_storage } };
  }

  @Get('styles')
  @Public()
  styles() {
    return { data: styles, meta: { next_cursor: null } };
  }
}
