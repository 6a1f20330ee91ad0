import { DomainError } from '@safelight/event-sourcing';
import {
  claimCase,
  countsOf,
  dismissReport,
  type Grounds,
  overturnRefusal,
  upholdRefusal,
  upholdReport,
  type WaitingCase,
  waitingCases,
} from '@safelight/moderation';
import { badUsage, command, ended, Refusal } from './command.js';

const SERVICE = 'moderation';
const MOST = 100;
const HOUR_MS = 3_600_000;
const REPORT = /^rpt_[0-9a-hjkmnp-tv-z]{26}$/;
const APPEAL = /^apl_[0-9a-hjkmnp-tv-z]{26}$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

const words = {
  case: { type: 'string', value: 'ID', about: 'which: rpt_… or apl_…' },
  by: { type: 'string', value: 'NAME', about: 'who decides; it stays on record' },
  rule: { type: 'string', value: 'RULE', about: 'by which rule of the policy' },
  rationale: { type: 'string', value: 'TEXT', about: 'why, for whoever reads it later' },
} as const;

/** `npm run ops -- cases list` */
export const list = command({
  ...{ noun: 'cases', verb: 'list', options: {} },
  about: 'Tell the reports and appeals that wait for a person, the most urgent first',
  run: async (_, { say, databaseUrl }) => {
    const waiting = await waitingCases(await databaseUrl(SERVICE), MOST);
    for (const one of waiting) say(lineOf(one, new Date()));
    if (waiting.length === 0) say('Nothing waits for a person.');
    return ended.fine;
  },
});

/** `npm run ops -- cases claim` */
export const claim = command({
  ...{ noun: 'cases', verb: 'claim', options: { case: words.case, by: words.by } },
  about: 'Take on a case: for half an hour nobody else decides it',
  run: async ({ case: id, by }, { say, databaseUrl }) => {
    if (by === undefined || by.trim() === '') throw badUsage('Say --by.');
    await claimCase(await databaseUrl(SERVICE), caseIn(id), by).catch(refuse);
    say(`It is ${by}'s for half an hour.`);
    return ended.fine;
  },
});

/** `npm run ops -- cases uphold` */
export const uphold = command({
  ...{ noun: 'cases', verb: 'uphold', options: words },
  about: 'A report is right: take it down for good. An appeal is not: the refusal stands',
  run: async (asked, { say, databaseUrl }) => {
    const [url, id, grounds] = [await databaseUrl(SERVICE), caseIn(asked.case), groundsIn(asked)];
    if (APPEAL.test(id)) {
      await upholdRefusal(url, id, grounds).catch(refuse);
      say('The refusal stands.');
      return ended.fine;
    }
    await upholdReport(url, id, grounds).catch(refuse);
    say('Upheld. What was found stays disabled, and its hashes are banked within seconds.');
    return ended.fine;
  },
});

/** `npm run ops -- cases overturn` */
export const overturn = command({
  ...{ noun: 'cases', verb: 'overturn', options: words },
  about: 'An appeal is right: the refusal was wrong. A second person has to say so, too',
  run: async (asked, { say, databaseUrl }) => {
    const id = asked.case ?? '';
    if (!APPEAL.test(id)) throw badUsage('--case must be the id of an appeal: apl_…');
    const url = await databaseUrl(SERVICE);
    const { outcome, proposedBy } = await overturnRefusal(url, id, groundsIn(asked)).catch(refuse);
    say(
      outcome === 'overturned'
        ? 'Overturned. Its strike is erased, and what was charged for nothing goes back.'
        : `Proposed by ${proposedBy ?? ''}. It stands until another person overturns it, too.`,
    );
    return ended.fine;
  },
});

/** `npm run ops -- cases counts` */
export const counts = command({
  ...{ noun: 'cases', verb: 'counts' },
  about: 'Count decisions, appeals, reports and suspensions of a month, for a transparency report',
  options: { month: { type: 'string', value: 'MONTH', about: 'in UTC: 2026-11' } },
  run: async ({ month = '' }, { say, databaseUrl }) => {
    if (!MONTH.test(month)) throw badUsage('--month must be one, like 2026-11');
    say('what,category,outcome,count');
    for (const { what, category, outcome, count } of await countsOf(
      await databaseUrl(SERVICE),
      month,
    )) {
      say([what, category, outcome, count].join(','));
    }
    return ended.fine;
  },
});

/** `npm run ops -- cases dismiss` */
export const dismiss = command({
  ...{ noun: 'cases', verb: 'dismiss', options: words },
  about: 'Give back what was reported; where it was disabled, a second person has to say so too',
  run: async (asked, { say, databaseUrl }) => {
    const url = await databaseUrl(SERVICE);
    const { outcome, proposedBy } = await dismissReport(
      url,
      reportIn(asked.case),
      groundsIn(asked),
    ).catch(refuse);
    say(
      outcome === 'dismissed'
        ? 'Dismissed. What was disabled is given back within seconds.'
        : `Proposed by ${proposedBy ?? ''}. It stays disabled until another person dismisses it, too.`,
    );
    return ended.fine;
  },
});

function lineOf({ caseId, kind, about, state, dueAt }: WaitingCase, now: Date): string {
  const hours = (dueAt.getTime() - now.getTime()) / HOUR_MS;
  const clock = hours < 0 ? `overdue by ${(-hours).toFixed(1)} h` : `${hours.toFixed(1)} h left`;
  return `${caseId}  ${kind} ${state}, ${clock}: ${about}`;
}

function caseIn(word: string | undefined): string {
  if (word !== undefined && (REPORT.test(word) || APPEAL.test(word))) return word;
  throw badUsage('--case must be the id of a report or an appeal: rpt_… or apl_…');
}

function reportIn(word: string | undefined): string {
  if (word !== undefined && REPORT.test(word)) return word;
  throw badUsage('--case must be the id of a report: rpt_…');
}

export function groundsIn(asked: {
  readonly by: string | undefined;
  readonly rule: string | undefined;
  readonly rationale: string | undefined;
}): Grounds {
  const { by, rule, rationale } = asked;
  for (const [option, text] of Object.entries({ by, rule, rationale })) {
    if (text === undefined || text.trim() === '') throw badUsage(`Say --${option}.`);
  }
  return { by: by ?? '', rule: rule ?? '', rationale: rationale ?? '' };
}

const sentences: Readonly<Record<string, string>> = {
  'case.not_found': 'There is no such case, or moderation has not taken it up yet.',
  'case.decided': 'This case was decided the other way already.',
  'case.claimed': 'Somebody else works on this case: it is theirs for half an hour.',
  'case.same_person': 'Another person has to confirm this.',
};

export function refuse(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw new Refusal(sentences[error.code] ?? `Refused: ${error.code}.`);
}
