import {
  admitJob,
  captureHold,
  checkOutputs,
  getBalance,
  newId,
  placeHold,
  previewPrompt,
  priceItems,
  screenPrompt,
  voidHold,
} from '@safelight/contracts';
import type { PricedItem, Receipt, Settlement } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { BusConnection } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import { FakeService } from './fake-service.js';

export const PRICE_PER_IMAGE_MICROS = 1_000_000n;
/** A prompt with this word, and outputs with this digest, are blocked. */
export const FORBIDDEN_WORD = 'forbidden';
export const FORBIDDEN_DIGEST = 'f'.repeat(64);

/** A prompt with this word is blocked beside a picture alone. */
export const FORBIDDEN_BESIDE = 'harmless-alone';

type Subject = Pick<Receipt, 'stage' | 'verdict' | 'jobId' | 'accountId' | 'subjectDigest'>;

const receiptFor = (subject: Subject): Receipt => ({
  ...subject,
  decisionId: newId('dec'),
  policyVersion: '1',
  policyDigest: 'a'.repeat(64),
  ruleId: subject.verdict === 'block' ? 'rule' : null,
  category: subject.verdict === 'block' ? 'test' : null,
  confidence: subject.verdict === 'block' ? 99 : 1,
  classifiers: ['fake'],
  decidedAt: new Date().toISOString(),
  keyId: 'fake',
  signature: 'fake',
});

/**
 * Answers as `moderation` promises in the contracts.
 *
 * @param screened gets the digests of the pictures of each job
 */
export function fakeModeration(
  bus: BusConnection,
  telemetry: Telemetry,
  screened = new Map<string, readonly (readonly string[])[]>(),
): FakeService {
  return new FakeService('moderation', bus, telemetry)
    .on(screenPrompt, ({ jobId, accountId, prompt, pictures }) => {
      screened.set(
        jobId,
        pictures.map(({ digests }) => digests),
      );
      const verdict = prompt.includes(FORBIDDEN_WORD) ? 'block' : 'pass';
      const subject = { stage: 'prompt' as const, verdict } as const;
      return {
        receipt: receiptFor({ ...subject, jobId, accountId, subjectDigest: 'b'.repeat(64) }),
      };
    })
    .on(previewPrompt, ({ prompt, besidePicture }) => {
      const isForbidden =
        prompt.includes(FORBIDDEN_WORD) || (besidePicture && prompt.includes(FORBIDDEN_BESIDE));
      const verdict = isForbidden ? 'block' : 'pass';
      return { verdict } as const;
    })
    .on(checkOutputs, ({ jobId, accountId, outputs, refuseAll }) => ({
      results: outputs.map(({ outputId, digest }) => ({
        outputId,
        receipt: receiptFor({
          stage: 'output',
          verdict: refuseAll || digest === FORBIDDEN_DIGEST ? 'block' : 'pass',
          jobId,
          accountId,
          subjectDigest: digest,
        }),
      })),
    }));
}

interface FakeHold {
  readonly accountId: string;
  readonly priceMicros: bigint;
  settlement?: Settlement;
}

/** Answers as `billing` promises: every hold is resolved once, whoever asks, however often. */
export class FakeBilling {
  readonly holds = new Map<string, FakeHold>();
  /** How often a hold was resolved for the first time. */
  resolutions = 0;
  availableMicros = 1_000_000_000n;
  /** What it was asked to price or hold, the newest last. */
  readonly items: PricedItem[] = [];
  /** Does what it is asked to, but its answers to captures get lost. */
  losesAnswers = false;
  /** An account that was never given anything. */
  unknownAccountId = '';
  readonly service: FakeService;

  constructor(bus: BusConnection, telemetry: Telemetry) {
    this.service = new FakeService('billing', bus, telemetry)
      .on(placeHold, (request) => this.place(request))
      .on(captureHold, ({ holdId, numerator, denominator }) => {
        const price = this.holds.get(holdId)?.priceMicros ?? 0n;
        const capturedMicros = (price * BigInt(numerator)) / BigInt(denominator);
        const settlement = this.resolve(holdId, 'captured', capturedMicros);
        if (this.losesAnswers) throw new Error('the answer is lost');
        return settlement;
      })
      .on(getBalance, ({ accountId }) => {
        if (accountId === this.unknownAccountId) throw new DomainError('account.unknown');
        const availableMicros = this.availableMicros;
        const given = { paidMicros: 0n, promotionalMicros: availableMicros, nextExpiry: null };
        return { availableMicros, heldMicros: 0n, ...given };
      })
      .on(priceItems, ({ items }) => ({
        priceVersion: '1',
        prices: items.map((item) => {
          const { images } = item;
          this.items.push(item);
          const priceMicros = BigInt(images) * PRICE_PER_IMAGE_MICROS;
          return { priceMicros, lines: [] };
        }),
      }))
      .on(voidHold, ({ holdId }) => this.resolve(holdId, 'voided', 0n));
  }

  /** What happens when the hold's lifetime is over. */
  lapse(holdId: string): void {
    this.resolve(holdId, 'expired', 0n);
  }

  /** What another instance may have asked for, and died before it recorded the answer. */
  captureWhole(holdId: string): void {
    this.resolve(holdId, 'captured', this.holds.get(holdId)?.priceMicros ?? 0n);
  }

  private place({
    holdId,
    accountId,
    item,
  }: {
    holdId: string;
    accountId: string;
    item: PricedItem;
  }) {
    this.items.push(item);
    const priceMicros =
      this.holds.get(holdId)?.priceMicros ?? BigInt(item.images) * PRICE_PER_IMAGE_MICROS;
    if (this.holds.get(holdId)?.settlement) throw new DomainError('hold.resolved');
    if (!this.holds.has(holdId)) {
      const { availableMicros } = this;
      if (availableMicros < priceMicros) {
        throw new DomainError('credits.insufficient', { priceMicros, availableMicros });
      }
      this.availableMicros -= priceMicros;
      this.holds.set(holdId, { accountId, priceMicros });
    }
    const balance = { availableMicros: this.availableMicros, heldMicros: priceMicros };
    const expiresAt = new Date(Date.now() + 900_000).toISOString();
    return { priceMicros, priceVersion: '1', expiresAt, balance };
  }

  private resolve(holdId: string, kind: Settlement['kind'], capturedMicros: bigint): Settlement {
    const hold = this.holds.get(holdId);
    if (hold === undefined) throw new DomainError('hold.unknown');
    if (hold.settlement === undefined) {
      const refundedMicros = hold.priceMicros - capturedMicros;
      hold.settlement = { kind, capturedMicros, refundedMicros };
      this.availableMicros += refundedMicros;
      this.resolutions += 1;
    }
    return hold.settlement;
  }
}

/** Admits everything; `refusing` says with which code it does not. */
export class FakeDispatch {
  refusing: string | undefined;
  /** What was last asked for of a model. */
  needs: readonly string[] = [];
  readonly service: FakeService;

  constructor(bus: BusConnection, telemetry: Telemetry) {
    this.service = new FakeService('dispatch', bus, telemetry).on(admitJob, ({ spec, needs }) => {
      this.needs = needs;
      if (this.refusing !== undefined) throw new DomainError(this.refusing);
      const model = spec.model ?? 'builtin/atelier';
      return { model, steps: spec.steps ?? 20, etaSeconds: 3, queuePosition: 1 };
    });
  }
}
