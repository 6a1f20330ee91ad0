import type { KeyObject } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { WEBHOOKS_NOTICE_SUBJECT } from '@safelight/contracts';
import type { Egress } from '@safelight/egress';
import { RequestClient, type BusConnection } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import type { Clock } from './clock.js';
import { Deliveries } from './deliveries/deliveries.js';
import { Endpoints } from './endpoints/endpoints.js';
import { Intake } from './intake/intake.js';
import { JobEventsConsumer } from './intake/job-events.consumer.js';
import { Claims } from './sending/claims.js';
import { SendingMetrics } from './sending/metrics.js';
import { Sender } from './sending/sender.js';
import { Secrets } from './signing/secrets.js';
import { Copier } from './storage/copier.js';
import { CopyClaims } from './storage/copy-claims.js';
import type { ObjectPutter } from './storage/put-object.js';
import { StorageController } from './storage/storage.controller.js';
import { Stores } from './storage/stores.js';
import { POOL } from './tokens.js';
import { WebhookController } from './webhook.controller.js';

/** What the service is made of; opened and closed by `service.ts`. */
export interface WebhookParts {
  readonly key: KeyObject;
  readonly telemetry: Telemetry;
  readonly pool: pg.Pool;
  readonly bus: BusConnection;
  readonly egress: Egress;
  readonly clock: Clock;
  /** `null`: this deployment copies nothing into buckets. */
  readonly putter: ObjectPutter | null;
}

/** Composition root: all wiring in one view. */
@Module({ controllers: [WebhookController, StorageController, JobEventsConsumer] })
export class WebhooksModule {
  static of(given: WebhookParts): DynamicModule {
    const { key, telemetry, pool, bus, egress, clock, putter } = given;
    const services = new RequestClient(bus, telemetry);
    const secrets = new Secrets(key);
    const claims = new Claims(pool);
    const metrics = new SendingMetrics(telemetry, () => sender.calling);
    const shared = { pool, secrets, egress, clock };
    const callOthers = () => bus.publish({ subject: WEBHOOKS_NOTICE_SUBJECT, data: '{}' });
    const parts = { ...shared, claims, services, telemetry, metrics, callOthers };
    const sender: Sender = new Sender(parts);
    const onDue = () => sender.wake();
    const copier =
      putter && new Copier({ claims: new CopyClaims(pool), services, putter, clock, telemetry });
    const onCopyDue = () => copier?.wake();
    const stores = new Stores({ pool, clock, available: putter !== null, onDue: onCopyDue });
    return {
      module: WebhooksModule,
      providers: [
        { provide: POOL, useValue: pool },
        { provide: Sender, useValue: sender },
        { provide: Copier, useValue: copier },
        { provide: Stores, useValue: stores },
        { provide: Endpoints, useValue: new Endpoints(shared) },
        { provide: Deliveries, useValue: new Deliveries(pool, clock, onDue) },
        { provide: Intake, useValue: new Intake({ pool, clock, onDue }) },
      ],
    };
  }
}
