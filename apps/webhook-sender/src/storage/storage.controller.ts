import { Controller, Inject } from '@nestjs/common';
import { attachStorage, repeatStorage, storageAvailable, toldStorage } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { Stores } from './stores.js';

/** What the gateway asks for in the name of an account. */
@Controller()
export class StorageController {
  constructor(@Inject(Stores) private readonly stores: Stores) {}

  @Answers(storageAvailable)
  available() {
    return { available: this.stores.available };
  }

  @Answers(attachStorage)
  async attach(asked: z.output<typeof attachStorage.request>) {
    await this.stores.attach(asked);
    return {};
  }

  @Answers(repeatStorage)
  async repeat(asked: z.output<typeof repeatStorage.request>) {
    await this.stores.repeat(asked);
    return {};
  }

  @Answers(toldStorage)
  async told(asked: z.output<typeof toldStorage.request>) {
    return { outputs: await this.stores.told(asked) };
  }
}
