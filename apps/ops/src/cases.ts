import { DomainError } from '@safelight/event-sourcing';
import {
  dismissReport,
  type Grounds,
  upholdReport,
  type WaitingCase,
  waitingCases,
} from '@safelight/moderation';
import { badUsage, command, ended, Refusal } from './command.js';

const SERVICE = 'moderation';
const MOST = 100;
const HOUR_MS = 3_600_000;
const REPORT = /^rpt_[0-9a-hjkmnp-tv-z]{26}$/;

const words = {
  case: { type: 'string', value: 'ID', about: 'which: rpt_…' },
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

/** `npm run ops -- cases uphold` */
export const uphold = command({
  ...{ noun: 'cases', verb: 'uphold', options: words },
  about: 'Take down what was reported, for good, and never let it pass again',
  run: async (asked, { say, databaseUrl }) => {
    const url = await databaseUrl(SERVICE);
    await upholdReport(url, reportIn(asked.case), groundsIn(asked)).catch(refuse);
    say('Upheld. What was found stays disabled, and its hashes are banked within seconds.');
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
  'case.same_person': 'Another person has to confirm this.',
};

export function refuse(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw new Refusal(sentences[error.code] ?? `Refused: ${error.code}.`);
}
