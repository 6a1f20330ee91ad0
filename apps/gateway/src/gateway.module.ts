import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { Egress } from '@safelight/egress';
import type { FilmIntake } from '@safelight/film-intake';
import type { ImageIntake } from '@safelight/image-intake';
import { RequestClient } from '@safelight/messaging';
import type { ObjectStore } from '@safelight/object-store';
import { SealedObjects, SignedUrls } from '@safelight/object-store';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { Accounts } from './accounts/accounts.js';
import { StandingController } from './accounts/standing.controller.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { BudgetsController } from './accounts/budgets.controller.js';
import { AutoTopUpController } from './accounts/auto-top-up.controller.js';
import {
  EntryProofsController,
  LedgerHeadsController,
} from './accounts/ledger-proofs.controller.js';
import { TopUpsController } from './accounts/top-ups.controller.js';
import { StatementsController } from './accounts/statements.controller.js';
import { MonthController } from './statements/month.controller.js';
import { Admission } from './admission/admission.js';
import { AdmissionGuard } from './admission/admission.guard.js';
import { AddressLimit } from './admission/address-limit.js';
import type { AnswerSeal } from './admission/answer-seal.js';
import { Answers } from './admission/answers.js';
import { IdempotencyController } from './admission/idempotency.controller.js';
import { OpenJobs } from './admission/open-jobs.js';
import type { Catalogue } from './catalogue/catalogue.js';
import { CatalogueController } from './catalogue/catalogue.controller.js';
import { Fitting } from './catalogue/fitting.js';
import { Models } from './catalogue/models.js';
import { Offers } from './catalogue/offers.js';
import { FaceQuotes } from './faces/face-quotes.js';
import { FacesController } from './faces/faces.controller.js';
import { VideoIntake } from './faces/video-intake.js';
import { FeedController } from './feed/feed.controller.js';
import { Assets } from './docs/assets.js';
import { DocsController } from './docs/docs.controller.js';
import { Documents } from './docs/documents.js';
import { FilesController } from './files/files.controller.js';
import type { Aliases } from './dialects/aliases.js';
import { DialectSubmitter } from './dialects/dialect-submitter.js';
import { DialectEventsController } from './dialects/events.controller.js';
import { ImagesController } from './dialects/images/images.controller.js';
import { Picturing } from './dialects/images/picturing.js';
import { NovitaController } from './dialects/novita/novita.controller.js';
import { LinkedFiles } from './files/linked-files.js';
import { ReleaseGate } from './files/release-gate.js';
import { Following } from './following/following.js';
import { HealthController } from './http/health.controller.js';
import { KnownQueryGuard } from './http/known-query.guard.js';
import { ProblemFilter } from './http/problem.filter.js';
import { Readiness } from './http/readiness.js';
import { validationPipe } from './http/validation.js';
import { EndedController } from './jobs/ended.controller.js';
import { JobSnapshotController } from './jobs/job-snapshot.controller.js';
import { ChargeController } from './jobs/charge.controller.js';
import { GenerateController } from './jobs/generate.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { OneJobController } from './jobs/one-job.controller.js';
import { OwnJobs } from './jobs/own-jobs.js';
import { PicturesController } from './jobs/pictures.controller.js';
import { Submitting } from './jobs/submitting.js';
import { Keys } from './keys/keys.js';
import { KeysController } from './keys/keys.controller.js';
import { PaymentsController } from './payments/payments.controller.js';
import { JobPictures } from './pictures/job-pictures.js';
import { PictureIntake } from './pictures/picture-intake.js';
import { OrphanedUploads } from './uploads/orphaned-uploads.js';
import { Uploads } from './uploads/uploads.js';
import { UploadsController } from './uploads/uploads.controller.js';
import { Quotes } from './quotes/quotes.js';
import { QuotesController } from './quotes/quotes.controller.js';
import { ConsentsController } from './trust/consents.controller.js';
import { DecisionsController } from './trust/decisions.controller.js';
import { ImageHashes } from './trust/image-hashes.js';
import type { MarkReaders } from './trust/open-readers.js';
import { PictureReading } from './trust/picture-reading.js';
import { ProvenanceController } from './trust/provenance.controller.js';
import { ReportsController } from './trust/reports.controller.js';
import { OutputStores } from './storage/output-stores.js';
import { ReleasedController } from './storage/released.controller.js';
import { OBJECT_STORE, PUBLIC_URL, TELEMETRY } from './tokens.js';
import { DeliveriesController } from './webhooks/deliveries.controller.js';
import { JobWebhooks } from './webhooks/job-webhooks.js';
import { WebhookSecretController } from './webhooks/webhook-secret.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** What the gateway is built from; opened and closed by `service.ts`. */
export interface GatewayParts {
  readonly telemetry: Telemetry;
  readonly pool: pg.Pool;
  readonly records: DataSource;
  readonly services: RequestClient;
  readonly store: ObjectStore;
  readonly urls: SignedUrls;
  readonly answerSeal: AnswerSeal;
  readonly following: Following;
  readonly readiness: Readiness;
  /** Where clients reach this gateway. */
  readonly publicUrl: string;
  readonly aliases: Aliases;
  readonly catalogue: Catalogue;
  readonly images: ImageIntake;
  readonly readers: MarkReaders;
  readonly films: FilmIntake;
  readonly egress: Egress;
}

const nativeControllers = [
  AccountsController,
  StatementsController,
  MonthController,
  EntryProofsController,
  LedgerHeadsController,
  TopUpsController,
  AutoTopUpController,
  BudgetsController,
  PaymentsController,
  KeysController,
  IdempotencyController,
  ChargeController,
  GenerateController,
  JobsController,
  OneJobController,
  QuotesController,
  FeedController,
  DecisionsController,
  ConsentsController,
  ReportsController,
  ProvenanceController,
  CatalogueController,
  EndedController,
  PicturesController,
  FacesController,
  UploadsController,
  FilesController,
  HealthController,
  DocsController,
  JobSnapshotController,
  ReleasedController,
  StandingController,
  WebhookSecretController,
  WebhooksController,
  DeliveriesController,
];
const dialectControllers = [ImagesController, NovitaController, DialectEventsController];

/** Composition root: all wiring in one view. */
@Module({})
export class GatewayModule {
  static of(parts: GatewayParts): DynamicModule {
    const answers = new Answers(parts.pool, parts.answerSeal);
    const accounts = new Accounts(parts.records);
    const openJobs = new OpenJobs(answers, parts.services);
    const makeRoom = (accountId: string) => openJobs.makeRoom(accountId);
    const admission = new Admission(parts.pool, parts.answerSeal, makeRoom);
    return {
      module: GatewayModule,
      controllers: [...nativeControllers, ...dialectControllers],
      providers: [
        { provide: TELEMETRY, useValue: parts.telemetry },
        { provide: RequestClient, useValue: parts.services },
        { provide: OBJECT_STORE, useValue: parts.store },
        { provide: PUBLIC_URL, useValue: parts.publicUrl },
        { provide: SignedUrls, useValue: parts.urls },
        { provide: Readiness, useValue: parts.readiness },
        { provide: Accounts, useValue: accounts },
        { provide: Keys, useValue: new Keys(parts.records) },
        { provide: Admission, useValue: admission },
        { provide: Answers, useValue: answers },
        { provide: Following, useValue: parts.following },
        ...submissionProviders(parts, answers, accounts),
        { provide: ImageHashes, useValue: new ImageHashes(parts.images) },
        { provide: Quotes, useValue: new Quotes(parts.records) },
        { provide: PictureReading, useValue: new PictureReading(parts.images, parts.readers) },
        { provide: AddressLimit, useValue: new AddressLimit(parts.pool) },
        { provide: Documents, useValue: new Documents() },
        { provide: Assets, useValue: new Assets() },
        { provide: APP_GUARD, useClass: AdmissionGuard },
        { provide: APP_GUARD, useClass: KnownQueryGuard },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

/** The native routes and the dialects make jobs, of pictures too, through the same few parts. */
function submissionProviders(
  parts: GatewayParts,
  answers: Answers,
  accounts: Accounts,
): Provider[] {
  const { services, following, urls, store, images: intake, egress, publicUrl, aliases } = parts;
  const stores = new OutputStores(services);
  const gate = new ReleaseGate(services, urls, stores, accounts);
  const objects = new SealedObjects(store);
  const uploads = new Uploads(parts.records, objects);
  const pictures = new JobPictures(objects);
  const taking = new PictureIntake({ intake, egress, uploads });
  const webhooks = new JobWebhooks(services);
  const offers = new Offers(services);
  const fitting = new Fitting(parts.catalogue, offers);
  const submitting = new Submitting({
    ...{ services, pictures, following, gate, webhooks, answers, stores, fitting },
  });
  const files = new LinkedFiles(store, urls, accounts);
  const jobs = new OwnJobs(services, gate);
  const submitter = new DialectSubmitter({
    ...{ submitting, pictures: taking, aliases, stores, fitting },
  });
  return [
    { provide: ReleaseGate, useValue: gate },
    { provide: OutputStores, useValue: stores },
    ...uploadProviders(parts, uploads),
    ...faceProviders(parts, taking),
    { provide: Submitting, useValue: submitting },
    { provide: Fitting, useValue: fitting },
    { provide: Models, useValue: new Models({ services, offers, catalogue: parts.catalogue }) },
    { provide: LinkedFiles, useValue: files },
    { provide: OwnJobs, useValue: jobs },
    { provide: DialectSubmitter, useValue: submitter },
    {
      provide: Picturing,
      useValue: new Picturing({ submitter, following, jobs, files, publicUrl, answers }),
    },
  ];
}

const uploadProviders = ({ records, store }: GatewayParts, uploads: Uploads): Provider[] => [
  { provide: Uploads, useValue: uploads },
  { provide: OrphanedUploads, useValue: new OrphanedUploads(records, store) },
];

function faceProviders(
  { services, egress, films }: GatewayParts,
  pictures: PictureIntake,
): Provider[] {
  const videos = new VideoIntake({ egress, films });
  return [
    { provide: PictureIntake, useValue: pictures },
    { provide: VideoIntake, useValue: videos },
    { provide: FaceQuotes, useValue: new FaceQuotes({ services, pictures, videos }) },
  ];
}
