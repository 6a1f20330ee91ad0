import { z } from 'zod';
import { consentId, decisionId, reportId } from '../../scalars.js';
import {
  appealAnswer,
  appealRequest,
  consentAnswer,
  consentRequest,
  consentsAnswer,
  consentsQuery,
  decisionAnswer,
  provenanceAnswer,
  receiptKeysAnswer,
  reportAnswer,
  reportQuery,
  reportRequest,
  reportStateAnswer,
  verifyRequest,
} from '../trust.js';
import type { ApiRoute } from './route.js';
import { json, needs } from './route.js';
import {
  appealed,
  consents,
  oneConsent,
  receiptKey,
  recorded,
  refusal,
  reported,
  reportRead,
  revoked,
  unknownImage,
} from './trust.examples.js';

const onDecisions = {
  tag: 'Decisions',
  access: needs('jobs:read'),
  params: z.object({ id: decisionId.meta({ description: 'The id of a decision' }) }),
} as const;

const decisions: readonly ApiRoute[] = [
  {
    tag: 'Decisions',
    method: 'GET',
    path: '/api/v1/decisions/keys',
    operationId: 'listReceiptKeys',
    summary: 'The keys that receipts of decisions are verified by',
    description: 'At most 60 requests a minute from one address.',
    access: 'public',
    answers: { 200: json('The keys', receiptKeysAnswer) },
    problems: ['RATE_LIMITED', 'VALIDATION_ERROR'],
    examples: [receiptKey],
  },
  {
    ...onDecisions,
    method: 'GET',
    path: '/api/v1/decisions/{id}',
    operationId: 'getDecision',
    summary: 'A decision of the content policy, with its signed receipt',
    answers: { 200: json('The decision', decisionAnswer) },
    examples: [refusal],
  },
  {
    ...onDecisions,
    method: 'POST',
    path: '/api/v1/decisions/{id}/appeal',
    operationId: 'appealDecision',
    summary: 'Ask for a person to look at a refusal again',
    description: 'Once for each decision. What became of it stands with the decision.',
    body: appealRequest,
    answers: { 201: json('The appeal', appealAnswer) },
    problems: ['CONFLICT'],
    examples: [appealed],
  },
];

const onConsents = { tag: 'Consents', access: needs('faces:write') } as const;
const params = z.object({ id: consentId.meta({ description: 'The id of a consent' }) });

const consentRoutes: readonly ApiRoute[] = [
  {
    ...onConsents,
    method: 'POST',
    path: '/api/v1/consents',
    operationId: 'recordConsent',
    summary: 'Record that somebody consented to the processing of their face',
    description: 'The evidence stays with you; only its digest is kept.',
    body: consentRequest,
    answers: { 201: json('The consent', consentAnswer) },
    examples: [recorded],
  },
  {
    ...onConsents,
    method: 'GET',
    path: '/api/v1/consents',
    operationId: 'listConsents',
    summary: 'All consents, newest first, revoked ones too',
    query: consentsQuery,
    answers: { 200: json('A page of consents', consentsAnswer) },
    examples: [consents],
  },
  {
    ...onConsents,
    method: 'GET',
    path: '/api/v1/consents/{id}',
    operationId: 'getConsent',
    summary: 'A consent, and whether it is in force',
    params,
    answers: { 200: json('The consent', consentAnswer) },
    examples: [oneConsent],
  },
  {
    ...onConsents,
    method: 'DELETE',
    path: '/api/v1/consents/{id}',
    operationId: 'revokeConsent',
    summary: 'Revoke a consent, for good',
    description:
      'Jobs that lean on it are cancelled at no charge, and what was made with it is deleted: links that were given out answer GONE. Revoking again changes nothing.',
    params,
    answers: { 200: json('The consent, revoked', consentAnswer) },
    examples: [revoked],
  },
];

const reports: readonly ApiRoute[] = [
  {
    tag: 'Reports',
    method: 'POST',
    path: '/api/v1/reports',
    operationId: 'reportImage',
    summary: 'Report an image; anybody may',
    description:
      'Names the job, the link of the output, or the image itself: exactly one of them. A decision is made by `due_at`, 48 hours later. With a signed `notice`, or where it is about a minor, everything that is found (the same bytes, what looks alike, what was made from it) is disabled at once: links answer GONE until somebody decides. At most 10 requests a minute from one address.',
    access: 'public',
    body: reportRequest,
    answers: { 201: json('The report', reportAnswer) },
    problems: ['RATE_LIMITED'],
    examples: [reported],
  },
  {
    tag: 'Reports',
    method: 'GET',
    path: '/api/v1/reports/{id}',
    operationId: 'getReport',
    summary: 'What became of a report, for whoever has its handle',
    description: 'At most 60 requests a minute from one address.',
    access: 'public',
    params: z.object({ id: reportId.meta({ description: 'The id of a report' }) }),
    query: reportQuery,
    answers: { 200: json('The report', reportStateAnswer) },
    problems: ['RATE_LIMITED'],
    examples: [reportRead],
  },
  {
    tag: 'Reports',
    method: 'POST',
    path: '/api/v1/provenance/verify',
    operationId: 'verifyProvenance',
    summary: 'Find out whether an image was made here',
    description:
      'Asks our records about the very bytes, the invisible watermark and what the picture looks like, and reads what the file says of itself. The answer is never that an image was not made by a machine. At most 30 requests a minute from one address.',
    access: 'public',
    body: verifyRequest,
    answers: { 200: json('What is known of the image', provenanceAnswer) },
    problems: ['RATE_LIMITED', 'SERVICE_UNAVAILABLE'],
    examples: [unknownImage],
  },
];

export const trustRoutes: readonly ApiRoute[] = [...decisions, ...consentRoutes, ...reports];
