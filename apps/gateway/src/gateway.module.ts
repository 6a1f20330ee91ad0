import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { Egress } from '@safelight/egress';
import type { ImageIntake } from '@safelight/image-intake';
import { RequestClient } from '@safelight/messaging';
import type { ObjectStore } from '@safelight/object-store';
import { SealedObjects, SignedUrls } from '@safelight/object-store';
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
import { FacesController } from './faces/faces.controller.js';
import { FilesController } from './files/files.controller.js';
import { ReleaseGate } from './files/release-gate.js';
import { Following } from './following/following.js';
import { HealthController } from './http/health.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { Readiness } from './http/readiness.js';
import { validationPipe } from './http/validation.js';
import { EndedController } from './jobs/ended.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { PicturesController } from './jobs/pictures.controller.js';
import { Submitting } from './jobs/submitting.js';
import { Keys } from './keys/keys.js';
import { KeysController } from './keys/keys.controller.js';
import { JobPictures } from './pictures/job-pictures.js';
import { PictureIntake } from './pictures/picture-intake.js';
import { Uploads } from './uploads/uploads.js';
import { UploadsController } from './uploads/uploads.controller.js';
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
  readonly images: ImageIntake;
  readonly egress: Egress;
}

/** Composition root: all wiring in one view. */
@Module({})
export class GatewayModule {
  static of(parts: GatewayParts): DynamicModule {
    const answers = new Answers(parts.pool);
    const openJobs = new OpenJobs(answers, parts.services);
    const gate = new ReleaseGate(parts.services, parts.urls);
    return {
      module: GatewayModule,
      controllers: [
        AccountsController,
        KeysController,
        IdempotencyController,
        JobsController,
        EndedController,
        PicturesController,
        FacesController,
        UploadsController,
        FilesController,
        HealthController,
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
        { provide: ReleaseGate, useValue: gate },
        ...pictureProviders(parts, gate),
        { provide: APP_GUARD, useClass: AdmissionGuard },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

/** Pictures on their way in, and the jobs that are made of them. */
function pictureProviders(parts: GatewayParts, gate: ReleaseGate): Provider[] {
  const { services, following, images: intake, egress } = parts;
  const objects = new SealedObjects(parts.store);
  const uploads = new Uploads(parts.records, objects);
  const pictures = new JobPictures(objects);
  return [
    { provide: Uploads, useValue: uploads },
    { provide: PictureIntake, useValue: new PictureIntake({ intake, egress, uploads }) },
    { provide: Submitting, useValue: new Submitting({ services, pictures, following, gate }) },
  ];
}
