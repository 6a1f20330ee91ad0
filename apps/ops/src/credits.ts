import { adjustmentReasons, carryOut, foresee, type Foreseen } from '@safelight/billing';
import { formatCredits } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import {
  accountIn,
  amountIn,
  idIn,
  instantIn,
  jobIn,
  nameIn,
  textIn,
  type Asked,
} from './credit-words.js';
import { command, ended, Refusal, type Ended, type Surroundings } from './command.js';

const REFUND_REASONS = ['poor_result', 'not_delivered', 'duplicate', 'goodwill'] as const;
const GRANT_REASONS = ['goodwill', 'compensation', 'trial', 'migration'] as const;
const KINDS = ['paid', 'promotional'] as const;

const common = {
  credits: { type: 'string', value: 'N', about: 'how many credits, up to 6 places: 12.5' },
  id: { type: 'string', value: 'ID', about: 'permanent name of this: asked twice, done once' },
  yes: { type: 'boolean', about: 'do it; without this its effect is told and nothing is done' },
} as const;
const account = { type: 'string', value: 'ACCOUNT', about: 'whose: acc_…' } as const;
const reasonOf = (reasons: readonly string[]) =>
  ({ type: 'string', value: 'NAME', about: reasons.join(', ') }) as const;

export const grant = command({
  ...{ noun: 'credits', verb: 'grant' },
  about: 'Give an account promotional credits',
  options: {
    account,
    ...common,
    reason: reasonOf(GRANT_REASONS),
    'expires-at': { type: 'string', value: 'TIME', about: 'when what is left of them ends' },
  },
  run: (asked, surroundings) =>
    told(asked, surroundings, {
      type: 'GrantCredits',
      grantId: idIn(asked.id),
      accountId: accountIn(asked.account),
      amountMicros: amountIn(asked.credits),
      expiresAtMs: instantIn(asked['expires-at']),
      reason: nameIn(asked.reason, GRANT_REASONS, '--reason'),
    }),
});

export const refund = command({
  ...{ noun: 'credits', verb: 'refund' },
  about: 'Give back credits that a job was charged, in the mix that it was charged in',
  options: {
    job: { type: 'string', value: 'JOB', about: 'that was charged: job_…' },
    ...common,
    reason: reasonOf(REFUND_REASONS),
  },
  run: (asked, surroundings) =>
    told(asked, surroundings, {
      type: 'RefundCharge',
      refundId: idIn(asked.id),
      holdId: jobIn(asked.job),
      amountMicros: amountIn(asked.credits),
      reason: nameIn(asked.reason, REFUND_REASONS, '--reason'),
    }),
});

export const adjust = command({
  ...{ noun: 'credits', verb: 'adjust' },
  about: 'Correct a balance: below zero takes credits, written --credits=-3',
  options: {
    account,
    ...common,
    kind: { type: 'string', value: 'KIND', about: KINDS.join(' or ') },
    reason: reasonOf(adjustmentReasons),
    note: { type: 'string', value: 'TEXT', about: 'for whoever reads it later' },
  },
  run: (asked, surroundings) =>
    told(asked, surroundings, {
      type: 'AdjustBalance',
      adjustmentId: idIn(asked.id),
      accountId: accountIn(asked.account),
      amountMicros: amountIn(asked.credits),
      credits: nameIn(asked.kind, KINDS, '--kind'),
      reason: nameIn(asked.reason, adjustmentReasons, '--reason'),
      note: textIn(asked.note, '--note'),
    }),
});

/** Tells the effect first, always; does it only when it was asked to. */
async function told(
  { yes }: Asked,
  { say, databaseUrl }: Surroundings,
  wanted: Parameters<typeof foresee>[1],
): Promise<Ended> {
  const url = await databaseUrl('billing');
  const foreseen = await foresee(url, wanted);
  if (foreseen.status === 'refused') throw refusalOf(foreseen.code, foreseen.details);
  if (foreseen.status === 'repeated') {
    say('This was done before under this id. Nothing happens.');
    return ended.fine;
  }
  for (const line of effect(foreseen)) say(line);
  if (yes !== true) {
    say('Nothing was done. Say --yes to do it.');
    return ended.fine;
  }
  await carryOut(url, wanted).catch((error: unknown) => {
    throw error instanceof DomainError ? refusalOf(error.code, error.details) : error;
  });
  say(`Done, for ever, as ${foreseen.transactionId}.`);
  return ended.fine;
}

function effect(foreseen: Extract<Foreseen, { status: 'accepted' }>): string[] {
  const { accountId, sequence, changeMicros, paidMicros } = foreseen;
  const { availableBeforeMicros, availableAfterMicros } = foreseen;
  const paid = formatCredits(paidMicros);
  const given = formatCredits(changeMicros - paidMicros);
  return [
    `${accountId}: ${formatCredits(changeMicros)} credits (${paid} paid, ${given} promotional)`,
    `available: ${formatCredits(availableBeforeMicros)} before, ${formatCredits(availableAfterMicros)} after`,
    ...(sequence === 1 ? ['This account has never had credits. Is its id right?'] : []),
  ];
}

type Details = Readonly<Record<string, unknown>>;

const sentences: Readonly<Record<string, (details: Details) => string>> = {
  'account.unknown': () => 'This account has never had credits.',
  'hold.unknown': () => 'Nothing was ever held for this job.',
  'hold.not_captured': () => 'This job was not charged.',
  'amount.not_positive': () => 'Credits must be more than 0.',
  'amount.zero': () => 'Credits must not be 0.',
  'adjustment.wrong_direction': () =>
    'shortfall_collected only takes credits: write them below zero.',
  'credits.insufficient': (d) => `Only ${creditsIn(d['availableMicros'])} credits are available.`,
  'refund.exceeds_capture': (d) =>
    `The job was charged ${creditsIn(d['capturedMicros'])} credits, and ${creditsIn(d['refundedMicros'])} were given back.`,
};

function refusalOf(code: string, details: Details): Refusal {
  if (code.endsWith('.mismatch')) {
    return new Refusal('This id stands for something else that was done; choose another --id.');
  }
  return new Refusal(sentences[code]?.(details) ?? `The ledger refuses it: ${code}`);
}

/** The details of a refusal hold amounts as micro-credits. */
const creditsIn = (micros: unknown): string => formatCredits(micros as bigint);
