import { hash } from 'node:crypto';
import { canonicalJson } from '@safelight/contracts';
import { z } from 'zod';
import { actions } from '../../decisions/judgement.js';
import { concepts } from '../policy.js';

export const POLICY_FORMAT = 'safelight-policy-1';
const LONGEST_FILE = 262_144;

/** `nudity`, `output.explicit`: a code of our own, of a category or of a score. */
const code = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/, 'lower-case words with dots or hyphens between them');
const share = z.number().min(0).max(1);
const action = z.enum(actions);

/** All that are given have to hold. */
const conditions = z
  .strictObject({
    /** Of each group, one is in the text: all in the same text. */
    concepts: z
      .array(z.array(z.enum(concepts)).min(1).max(30))
      .min(1)
      .max(8),
    /** None of these is in that text. */
    without: z.array(z.enum(concepts)).min(1),
    /** Whether the request brings a picture. */
    beside_picture: z.boolean(),
    /** Each of these scores is at least so high. */
    scores: z.record(code, share),
  })
  .partial()
  .refine(
    ({ concepts: groups, without, scores }) =>
      groups !== undefined || without !== undefined || Object.keys(scores ?? {}).length > 0,
    'needs concepts, without or scores: a rule that always applies is none',
  );

const rule = z.strictObject({
  id: z.string().regex(/^P[1-9]\d{0,3}$/, 'P and a number: what begins otherwise is compiled in'),
  category: code,
  when: conditions,
  action,
});

/** From which score on something is done. */
const thresholds = z
  .strictObject({ category: code, flag: share, hold: share, refuse: share })
  .partial({ flag: true, hold: true, refuse: true })
  .refine(
    ({ flag, hold, refuse }) => [flag, hold, refuse].some((one) => one !== undefined),
    'needs at least one of flag, hold and refuse',
  )
  .refine(({ flag = 0, hold, refuse }) => {
    const rising = [flag, hold, refuse].filter((one) => one !== undefined);
    return rising.every((one, at) => at === 0 || (rising[at - 1] ?? 0) <= one);
  }, 'flag, hold and refuse must rise');

/** A policy above the floor, as an operator writes it: docs/policy.md. */
const policyFile = z.strictObject({
  format: z.literal(POLICY_FORMAT),
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/, 'letters a to z, digits, dots and hyphens'),
  /** What is done where something that is compiled in finds this category. */
  categories: z.record(code, action).default({}),
  scores: z.record(code, thresholds).default({}),
  /** In this order: the first that applies counts, and `allow` ends the search. */
  rules: z.array(rule).max(500).default([]),
});

export type PolicyFile = z.output<typeof policyFile>;
export type PolicyRule = PolicyFile['rules'][number];
export type Thresholds = PolicyFile['scores'][string];

/** What is wrong with a policy, and where. */
export interface PolicyFault {
  readonly at: string;
  readonly message: string;
}

/** A policy cannot be taken as it is written. */
export class PolicyRefused extends Error {
  constructor(readonly faults: readonly PolicyFault[]) {
    super(faults.map(({ at, message }) => `${at}: ${message}`).join('; '));
    this.name = 'PolicyRefused';
  }
}

/** @throws PolicyRefused that names every fault of its form */
export function readPolicyFile(text: string): PolicyFile {
  if (text.length > LONGEST_FILE) throw refused('', `is longer than ${LONGEST_FILE} characters`);
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch (error) {
    throw refused('', `is no JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  const parsed = policyFile.safeParse(written);
  if (!parsed.success) {
    throw new PolicyRefused(
      parsed.error.issues.map(({ path, message }) => ({ at: placeOf(path), message })),
    );
  }
  const ids = parsed.data.rules.map(({ id }) => id);
  const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at);
  if (twice >= 0) throw refused(`/rules/${twice}/id`, 'stands in another rule already');
  return parsed.data;
}

/** What approvers approve: SHA-256 of all of it as canonical JSON. */
export const digestOfPolicy = (policy: PolicyFile): string =>
  hash('sha256', canonicalJson(policy), 'hex');

const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((one) => `/${String(one)}`).join('');
const refused = (at: string, message: string) => new PolicyRefused([{ at, message }]);
