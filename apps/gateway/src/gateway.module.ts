import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { RequestClient } from '@safelight/messaging';
import type { ObjectStore } from '@safelight/object-store';
import { SignedUrls } from '@safelight/object-store';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { Accounts } from './accounts/accounts.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { Admission } from './admission/admission.js';
import { AdmissionGuard } from './admission/admission.guard.js';
import { Answers } from './admission/answers.js';
import { IdempotencyController } from './admission/idempotency.controller.js';
import { OpenJobs } from './admission/open-jobs.js';
import { Assets } from './docs/assets.js';
import { DocsController } from './docs/docs.controller.js';
import { Documents } from './docs/documents.js';
import { FilesController } from './files/files.controller.js';
import { ReleaseGate } from './files/release-gate.js';
import { Following } from './following/following.js';
import { HealthController } from './http/health.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { Readiness } from './http/readiness.js';
import { validationPipe } from './http/validation.js';
import { JobsController } from './jobs/jobs.controller.js';
import { Keys } from './keys/keys.js';
import { KeysController } from './keys/keys.controller.js';
import { OBJECT_STORE, TELEMETRY } from './tokens.js';

/** What the gateway is built from; opened and closed by `service.ts`. */
export interface GatewayParts {
  readonly telemetry: Telemetry;
  readonly pool: pg.Pool;
  readonly records: DataSource;
  readonly services: RequestClient;
  readonly store: ObjectStore;
  readonly urls: SignedUrls;
  readonly following: Following;
  readonly readiness: Readiness;
}

/** Composition root: all wiring in one view. */
@Module({})
export class GatewayModule {
  static of(parts: GatewayParts): DynamicModule {
    const answers = new Answers(parts.pool);
    const openJobs = new OpenJobs(answers, parts.services);
    return {
      module: GatewayModule,
      controllers: [
        AccountsController,
        KeysController,
        IdempotencyController,
        JobsController,
        FilesController,
        HealthController,
        DocsController,
      ],
      providers: [
        { provide: TELEMETRY, useValue: parts.telemetry },
        { provide: RequestClient, useValue: parts.services },
        { provide: OBJECT_STORE, useValue: parts.store },
        { provide: SignedUrls, useValue: parts.urls },
        { provide: Readiness, useValue: parts.readiness },
        { provide: Accounts, useValue: new Accounts(parts.records) },
        { provide: Keys, useValue: new Keys(parts.records) },
        { provide: Admission, useValue: new Admission(parts.pool, (id) => openJobs.makeRoom(id)) },
        { provide: Answers, useValue: answers },
        { provide: Following, useValue: parts.following },
        { provide: ReleaseGate, useValue: new ReleaseGate(parts.services, parts.urls) },
        { provide: Documents, useValue: new Documents() },
        { provide: Assets, useValue: new Assets() },
        { provide: APP_GUARD, useClass: AdmissionGuard },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
