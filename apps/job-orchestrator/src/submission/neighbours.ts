import {
  admitJob,
  getBalance,
  placeHold,
  previewPrompt,
  priceItems,
  screenPrompt,
  voidHold,
} from '@safelight/contracts';
import type { JobContent, Operation, PricedItem } from '@safelight/contracts';
import type { MessageContext } from '@safelight/event-sourcing';
import { DomainError } from '@safelight/event-sourcing';
import type { RequestClient } from '@safelight/messaging';
import { AnswerFault, Unavailable } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type { z } from 'zod';
import type { Hold, Place, Screening } from '../job/job.js';
import type { Request } from './request.js';

/** The request's spec with the dispatcher's choice of model and steps. */
export type AdmittedSpec = Request['spec'] & { model: string; steps: number };

/** What the dispatcher is told of a job that is to be queued; nothing where it is only asked about. */
interface Coming {
  readonly jobId?: string;
  /** How long it may take, in milliseconds. */
  readonly withinMs?: number;
}

/** What a submission asks of other services, in the job's own words. No answer is a refusal. */
export class Neighbours {
  constructor(
    private readonly services: RequestClient,
    private readonly telemetry: Telemetry,
  ) {}

  /** @throws DomainError `prompt.blocked`; nothing but a recorded pass lets a prompt through */
  async screen(request: Request, context: MessageContext): Promise<Screening> {
    const { jobId, accountId, spec, content } = request;
    const { prompt, negativePrompt, inputs } = content;
    const pictures = inputs.map(({ digests, dataKey }, at) => {
      const input = spec.inputs[at];
      if (input === undefined) throw new Error(`no input of ${jobId} is opened by secret ${at}`);
      const { key, digest, mediaType, role } = input;
      return { digests, mediaType, role, sealed: { key, dataKey, digest } };
    });
    const { operation, automask, repaint, consent = null } = spec;
    const asked = { operation, automask, repaint, consent };
    const question = { jobId, accountId, prompt, negativePrompt, pictures, ...asked };
    const { receipt } = await this.ask(screenPrompt, question, context);
    const { decisionId, policyVersion, policyDigest, confidence, decidedAt } = receipt;
    if (receipt.verdict !== 'pass') {
      const { ruleId, category } = receipt;
      throw new DomainError('prompt.blocked', { decisionId, policyVersion, ruleId, category });
    }
    return { decisionId, policyVersion, policyDigest, confidence, decidedAt };
  }

  /** @throws DomainError when no worker could serve this */
  async admit(
    {
      accountId,
      spec,
      content,
      needs: named,
    }: Pick<Request, 'accountId' | 'spec' | 'content' | 'needs'>,
    context: MessageContext,
    coming: Coming = {},
  ) {
    const needs = [...named, ...needsOfWords(content)];
    const admitted = await this.ask(admitJob, { accountId, spec, needs, ...coming }, context);
    const { model, steps, pool, vramBytes } = admitted;
    const { etaSeconds, etaP90Seconds, queuePosition } = admitted;
    const chosen: AdmittedSpec = {
      ...{ ...spec, model, steps, ...placed(spec, pool) },
      ...(vramBytes === null ? {} : { vramBytes }),
    };
    return { spec: chosen, etaSeconds, etaP90Seconds, queuePosition } satisfies Place;
  }

  /**
   * Sets the price aside, but nothing for a job of a test key. When billing did not answer it may have done so all the same: then the
   * hold is given back.
   * @throws DomainError when the account cannot pay
   */
  async hold(
    { jobId: holdId, accountId, keyId, spendsAs, quotedMicros, plan }: Request,
    spec: AdmittedSpec,
    lifetimeMs: number,
    context: MessageContext,
  ): Promise<Hold> {
    const item = itemOf(spec, plan);
    if (spec.test !== undefined) return this.holdNothing(accountId, item, lifetimeMs, context);
    try {
      const request = {
        ...{ holdId, accountId, keyId, spendsAs, item, lifetimeMs, quotedMicros },
      };
      const held = await this.ask(placeHold, request, context);
      const { priceMicros, priceVersion, expiresAt, balance } = held;
      return { priceMicros, priceVersion, expiresAt, availableMicros: balance.availableMicros };
    } catch (error) {
      if (isUnanswered(error)) await this.giveBack(holdId, 'hold.unanswered', context);
      throw error;
    }
  }

  /**
   * What the work costs now on this plan, line by line.
   * @throws DomainError `operation.unpriced`
   */
  price(spec: AdmittedSpec, plan: string | null, context: MessageContext) {
    return this.priceOf(itemOf(spec, plan), context);
  }

  private async priceOf(item: PricedItem, context: MessageContext) {
    const { prices, priceVersion } = await this.ask(priceItems, { items: [item] }, context);
    const [price] = prices;
    if (!price) throw new DomainError('operation.unpriced', { operation: item.operation });
    return { ...price, priceVersion };
  }

  /** What screening would say; no more than an opinion. */
  async preview(
    { prompt, negativePrompt }: JobContent,
    besidePicture: boolean,
    context: MessageContext,
  ) {
    const question = { prompt, negativePrompt, besidePicture };
    return (await this.ask(previewPrompt, question, context)).verdict;
  }

  /** What the work would have cost; works without credits, and for accounts that never had any. */
  private async holdNothing(
    accountId: string,
    item: PricedItem,
    lifetimeMs: number,
    context: MessageContext,
  ): Promise<Hold> {
    const [{ priceMicros, priceVersion }, availableMicros] = await Promise.all([
      this.priceOf(item, context),
      this.available(accountId, context),
    ]);
    const expiresAt = new Date(Date.now() + lifetimeMs).toISOString();
    return {
      priceMicros: 0n,
      listPriceMicros: priceMicros,
      availableMicros,
      priceVersion,
      expiresAt,
    };
  }

  private async available(accountId: string, context: MessageContext): Promise<bigint> {
    try {
      return (await this.ask(getBalance, { accountId }, context)).availableMicros;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'account.unknown') return 0n;
      throw error;
    }
  }

  /** As far as possible: what stays held lapses with the hold's lifetime. Never rejects. */
  async giveBack(holdId: string, reason: string, context: MessageContext): Promise<void> {
    try {
      await this.services.request(voidHold, { holdId, reason }, { context });
    } catch (error) {
      const fields = { err: error, job_id: holdId };
      this.telemetry.logger.warn(fields, 'a hold without a job is left to lapse');
    }
  }

  private async ask<Op extends Operation>(
    operation: Op,
    payload: z.input<Op['request']>,
    context: MessageContext,
  ): Promise<z.output<Op['reply']>> {
    try {
      return await this.services.request(operation, payload, { context });
    } catch (error) {
      if (!(error instanceof Unavailable) && !(error instanceof AnswerFault)) throw error;
      this.telemetry.logger.warn({ err: error }, 'a submission was refused: no answer');
      throw new DomainError(UNANSWERED, { subject: operation.subject });
    }
  }
}

/** What only some models do with words. What a style added is left out where there is no place for it. */
const needsOfWords = ({ asked, negativePrompt }: Request['content']): string[] =>
  (asked?.negativePrompt ?? negativePrompt).trim() === '' ? [] : ['negative_prompt'];

/** Everything that the price depends on. */
function itemOf(spec: AdmittedSpec, plan: string | null): PricedItem {
  const { operation, model, width, height, steps, images, lane, seconds, detection } = spec;
  const { quality, resolution } = spec;
  return {
    ...{ operation, model, width, height, steps, images, lane },
    ...(seconds === null ? {} : { seconds }),
    ...(quality === undefined ? {} : { quality }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(detection === undefined ? {} : { detection }),
    ...(plan === null ? {} : { plan }),
  };
}

/** Where the job goes, and whether that is the dispatcher's choice alone. */
function placed(asked: Request['spec'], pool: string | null) {
  if (pool === null) return {};
  return asked.pool === undefined ? { pool, poolChosen: true as const } : { pool };
}

const UNANSWERED = 'service.unavailable';
const isUnanswered = (error: unknown) => error instanceof DomainError && error.code === UNANSWERED;
