import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import type { Consent, ConsentRequest, ConsentResource, ConsentsQuery } from '@safelight/contracts';
import {
  consentId,
  consentRequest,
  consentsQuery,
  getConsent,
  listConsents,
  recordConsent,
  revokeConsent,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { notFound } from '../http/refusals.js';

/** Consents to the processing of faces: recorded, listed, revoked. */
@Controller('api/v1/consents')
@Needs('faces:write')
export class ConsentsController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Post()
  @HttpCode(201)
  async record(
    @TheCaller() { accountId, keyId }: Caller,
    @Body({ schema: consentRequest }) body: ConsentRequest,
  ) {
    const { subject, purpose, evidence_sha256: evidenceDigest, expires_at: expiresAt } = body;
    const asked = { accountId, keyId, subject, purpose, evidenceDigest, expiresAt };
    return { data: present(await this.services.request(recordConsent, asked)), meta: {} };
  }

  @Get()
  async list(
    @TheCaller() { accountId }: Caller,
    @Query({ schema: consentsQuery }) { limit, cursor }: ConsentsQuery,
  ) {
    const asked = { accountId, limit, before: cursor ?? null };
    const { consents, next } = await this.services.request(listConsents, asked);
    const next_cursor = next === null ? null : Buffer.from(next).toString('base64url');
    return { data: consents.map(present), meta: { next_cursor } };
  }

  @Get(':id')
  async one(@TheCaller() { accountId }: Caller, @Param('id') id: string) {
    const asked = { accountId, consentId: known(id) };
    return { data: present(await this.services.request(getConsent, asked)), meta: {} };
  }

  @Delete(':id')
  async revoke(@TheCaller() { accountId }: Caller, @Param('id') id: string) {
    const asked = { accountId, consentId: known(id) };
    return { data: present(await this.services.request(revokeConsent, asked)), meta: {} };
  }
}

const present = (consent: Consent): ConsentResource => ({
  id: consent.consentId,
  subject: consent.subject,
  purpose: consent.purpose,
  evidence_sha256: consent.evidenceDigest,
  live: consent.live,
  created_at: consent.createdAt,
  expires_at: consent.expiresAt,
  revoked_at: consent.revokedAt,
});

/** An id that no consent can have answers like a consent that never was. */
function known(id: string): string {
  if (!consentId.safeParse(id).success) throw notFound();
  return id;
}
