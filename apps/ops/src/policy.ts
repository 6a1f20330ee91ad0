import {
  draftPolicy,
  knownPolicies,
  movePolicy,
  shadowedBy,
  type Policy,
  type Shadowed,
} from '@safelight/moderation';
import { badUsage, command, ended, type Surroundings } from './command.js';
import { asRefusal, by, name, personIn, SERVICE, textIn, textOf } from './policy-words.js';

const HEARD = 'Every moderation process hears of it at once.';
const move = { name, by } as const;
type Move = Parameters<typeof movePolicy>[1];

/** `npm run ops -- policy draft` */
export const draft = command({
  ...{ noun: 'policy', verb: 'draft' },
  about:
    'Bring a policy above the floor, as a draft that binds nobody; one that loosens is refused',
  options: {
    file: { type: 'string', value: 'FILE', about: 'the policy, as JSON: docs/policy.md' },
    by,
  },
  run: async ({ file, by: who }, { say, databaseUrl }) => {
    const person = personIn(who);
    const text = await textOf(textIn('file', file));
    const digest = await draftPolicy(await databaseUrl(SERVICE), text, person).catch(
      (error: unknown) => {
        throw asRefusal(error);
      },
    );
    say(`It is drafted; what is approved of is sha256 ${digest}.`);
    return ended.fine;
  },
});

/** `npm run ops -- policy shadow` */
export const shadow = command({
  ...{ noun: 'policy', verb: 'shadow', options: move },
  about: 'Try a draft beside every decision: what it would say is recorded and binds nobody',
  run: ({ name: its, by: who }, surroundings) =>
    moved({ type: 'ShadowPolicy', name: textIn('name', its), by: personIn(who) }, surroundings),
});

/** `npm run ops -- policy approve` */
export const approve = command({
  ...{ noun: 'policy', verb: 'approve', options: move },
  about: 'Approve of a policy in shadow or canary: one person for a canary, two for all accounts',
  run: ({ name: its, by: who }, surroundings) =>
    moved({ type: 'ApprovePolicy', name: textIn('name', its), by: personIn(who) }, surroundings),
});

/** `npm run ops -- policy canary` */
export const canary = command({
  ...{ noun: 'policy', verb: 'canary' },
  about: 'Let a policy bind a share of all accounts, always the same ones',
  options: {
    ...move,
    percent: { type: 'string', value: 'PERCENT', about: 'of all accounts, 1 to 50; 5' },
  },
  run: ({ name: its, by: who, percent = '5' }, surroundings) => {
    if (!/^([1-9]|[1-4]\d|50)$/.test(percent)) throw badUsage('--percent is 1 to 50.');
    const common = { name: textIn('name', its), by: personIn(who) };
    return moved({ type: 'CanaryPolicy', ...common, percent: Number(percent) }, surroundings);
  },
});

/** `npm run ops -- policy activate` */
export const activate = command({
  ...{ noun: 'policy', verb: 'activate', options: move },
  about: 'Let a canary bind all accounts; the one before is retired in the same moment',
  run: ({ name: its, by: who }, surroundings) =>
    moved({ type: 'ActivatePolicy', name: textIn('name', its), by: personIn(who) }, surroundings),
});

/** `npm run ops -- policy retire` */
export const retire = command({
  ...{ noun: 'policy', verb: 'retire' },
  about: 'Take a policy out of wherever it is; what is compiled in goes on binding everybody',
  options: {
    ...move,
    reason: { type: 'string', value: 'TEXT', about: 'for whoever reads it later' },
  },
  run: ({ name: its, by: who, reason }, surroundings) => {
    const common = { name: textIn('name', its), by: personIn(who) };
    const why = textIn('reason', reason);
    return moved({ type: 'RetirePolicy', ...common, reason: why }, surroundings);
  },
});

/** `npm run ops -- policy show` */
export const show = command({
  ...{ noun: 'policy', verb: 'show' },
  about:
    'Tell the policies and where they are; of one, all that happened to it and what it would do',
  options: { name },
  run: async ({ name: asked }, { say, databaseUrl }) => {
    const url = await databaseUrl(SERVICE);
    const { policies, history } = await knownPolicies(url);
    const told = policies.filter(({ document }) => asked === undefined || document.name === asked);
    for (const policy of told) {
      say(sentenceOf(policy));
      if (asked === undefined) continue;
      for (const { type, at, by: who, policy: digest } of history) {
        if (digest === policy.digest) say(`  ${at} ${type} by ${who}`);
      }
      for (const line of shadowLines(await shadowedBy(url, policy.digest))) say(`  ${line}`);
      say(JSON.stringify(policy.document, null, 2));
    }
    if (told.length === 0) say('There is no such policy: what is compiled in binds alone.');
    return ended.fine;
  },
});

async function moved(asked: Move, { say, databaseUrl }: Surroundings) {
  const changed = await movePolicy(await databaseUrl(SERVICE), asked).catch((error: unknown) => {
    throw asRefusal(error);
  });
  say(changed ? `${asked.name}: done. ${HEARD}` : `${asked.name}: it is so already.`);
  return ended.fine;
}

function sentenceOf({ document, digest, stage, author, approvers, percent }: Policy): string {
  const share = stage === 'canary' ? ` for ${percent} % of accounts` : '';
  const approved = approvers.length === 0 ? 'nobody' : approvers.join(', ');
  return `${document.name}: ${stage}${share}, sha256 ${digest.slice(0, 12)}, drafted by ${author}, approved of by ${approved}`;
}

const shadowLines = (found: readonly Shadowed[]): string[] => [
  `In shadow it saw ${found.reduce((sum, { count }) => sum + count, 0)} decisions:`,
  ...found.map(
    ({ from, to, category, count }) =>
      `  ${count} ${from === to ? `stay ${to}` : `would go from ${from} to ${to}`}${category === null ? '' : ` (${category})`}`,
  ),
];
