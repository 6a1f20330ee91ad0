import { DomainError } from '@safelight/event-sourcing';
import {
  accountStands,
  type AccountStands,
  eraseStrike,
  liftSuspension,
} from '@safelight/moderation';
import { badUsage, command, ended, Refusal } from './command.js';
import { accountIn } from './credit-words.js';

const SERVICE = 'moderation';
const DECISION = /^dec_[0-9a-hjkmnp-tv-z]{26}$/;
const account = { type: 'string', value: 'ACCOUNT', about: 'whose: acc_…' } as const;
const by = { type: 'string', value: 'NAME', about: 'who decides; it stays on record' } as const;
const reason = { type: 'string', value: 'TEXT', about: 'for whoever reads it later' } as const;

/** `npm run ops -- standing show` */
export const show = command({
  ...{ noun: 'standing', verb: 'show', options: { account } },
  about: 'Tell the strikes of an account, and whether it is suspended',
  run: async ({ account: id }, { say, databaseUrl }) => {
    const accountId = accountIn(id);
    for (const line of linesOf(await accountStands(await databaseUrl(SERVICE), accountId))) {
      say(line);
    }
    return ended.fine;
  },
});

/** `npm run ops -- standing erase` */
export const erase = command({
  ...{ noun: 'standing', verb: 'erase' },
  about: 'Erase the strike of a refusal that was wrong; a suspension that rests on it alone ends',
  options: {
    account,
    decision: { type: 'string', value: 'ID', about: 'the refusal: dec_…' },
    ...{ by, reason },
  },
  run: async (asked, { say, databaseUrl }) => {
    const { decision = '' } = asked;
    if (!DECISION.test(decision)) throw badUsage('--decision must be the id of one: dec_…');
    const facts = { by: wordIn('by', asked.by), reason: wordIn('reason', asked.reason) };
    const about = { accountId: accountIn(asked.account), decisionId: decision, ...facts };
    const stands = await eraseStrike(await databaseUrl(SERVICE), about);
    say('Erased: it never counts.');
    for (const line of linesOf(stands)) say(line);
    return ended.fine;
  },
});

/** `npm run ops -- standing lift` */
export const lift = command({
  ...{ noun: 'standing', verb: 'lift' },
  about: 'End a suspension; two different people have to want it',
  options: {
    account,
    ...{ by, reason },
    'confirmed-by': { type: 'string', value: 'NAME', about: 'the second person' },
  },
  run: async (asked, { say, databaseUrl }) => {
    const words = { by: wordIn('by', asked.by), reason: wordIn('reason', asked.reason) };
    const confirmedBy = wordIn('confirmed-by', asked['confirmed-by']);
    const about = { accountId: accountIn(asked.account), ...words, confirmedBy };
    const stands = await liftSuspension(await databaseUrl(SERVICE), about).catch(refuse);
    say('Lifted. Its keys work again within seconds; what was cancelled stays so.');
    for (const line of linesOf(stands)) say(line);
    return ended.fine;
  },
});

function linesOf({ suspended, since, suspensionId, weight, suspendAt, strikes }: AccountStands) {
  const state = suspended
    ? `suspended since ${since?.toISOString() ?? '?'} (${suspensionId ?? '?'})`
    : 'in good standing';
  return [
    `${state}; strikes weigh ${weight} of ${suspendAt}`,
    ...strikes.map(
      ({ decisionId, ruleId, category, weight: its, expiresAt }) =>
        `  ${decisionId}  ${ruleId} ${category}, ${its} until ${expiresAt}`,
    ),
  ];
}

function wordIn(option: string, text: string | undefined): string {
  if (text === undefined || text.trim() === '') throw badUsage(`Say --${option}.`);
  return text;
}

function refuse(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  const isSame = error.code === 'account.same_person';
  throw new Refusal(isSame ? 'Two different people have to want it.' : 'It is not suspended.');
}
