import { type Action, type Judgement, actions } from '../../decisions/judgement.js';
import { noSignals, type Signals, type TextScreen } from '../../decisions/signals.js';
import type { Concept } from '../policy.js';
import { actionAt, meets, withDocument } from './document-judge.js';
import type { Demands } from './floor-demands.js';
import type { PolicyFault, PolicyFile, PolicyRule } from './policy-file.js';

/** A rule that can be true in more ways than this is too wide to be looked through. */
const MOST_WAYS = 5_000;
type Judge = (signals: Signals) => Judgement;

/**
 * Where a document says less than what is compiled in demands. None of it could take effect, because
 * what is compiled in is asked first; but a document that says so is not what its author believes, and
 * is refused.
 */
export function looseningsOf(document: PolicyFile, base: Judge, demands: Demands): PolicyFault[] {
  return [
    ...Object.entries(document.categories).flatMap(([category, action]) =>
      demands.categories[category] === undefined
        ? [{ at: `/categories/${category}`, message: 'nothing that is compiled in finds this' }]
        : tooMild(`/categories/${category}`, category, action, demands),
    ),
    ...Object.entries(document.scores).flatMap(([code, thresholds]) => [
      ...strongestAt(`/scores/${code}`, thresholds, demands),
      ...higherThresholds(code, document, demands),
    ]),
    ...document.rules.flatMap((rule, at) =>
      rule.action === 'allow'
        ? allowsRefused(`/rules/${at}`, rule, base)
        : tooMild(`/rules/${at}/action`, rule.category, rule.action, demands),
    ),
    ...milder(document, base),
  ];
}

function tooMild(at: string, category: string, action: Action, demands: Demands): PolicyFault[] {
  const demanded = demands.categories[category];
  if (demanded === undefined || meets(action, demanded)) return [];
  const message = `loosens the floor: ${category} is met with ${demanded}, not ${action}`;
  return [{ at, message }];
}

/** Scores of a category of the floor's may not stay below what the category demands for ever. */
function strongestAt(
  at: string,
  thresholds: PolicyFile['scores'][string],
  demands: Demands,
): PolicyFault[] {
  return tooMild(at, thresholds.category, actionAt(1, thresholds), demands);
}

function higherThresholds(code: string, document: PolicyFile, demands: Demands): PolicyFault[] {
  const [own, floors] = [document.scores[code], demands.scores[code]];
  if (own === undefined || floors === undefined) return [];
  const found = [floors.flag, floors.hold, floors.refuse].find(
    (score) => score !== undefined && !meets(actionAt(score, own), actionAt(score, floors)),
  );
  if (found === undefined) return [];
  const message = `loosens the floor: at ${found} it is met with ${actionAt(found, floors)}, not ${actionAt(found, own)}`;
  return [{ at: `/scores/${code}`, message }];
}

/** What an allowing rule says to allow must be something that may pass. */
function allowsRefused(at: string, rule: PolicyRule, base: Judge): PolicyFault[] {
  const ways = waysOf(rule);
  if (ways === undefined) {
    return [{ at, message: 'can be true in too many ways to be looked through: split it' }];
  }
  for (const signals of ways) {
    const { action, ruleId } = base(signals);
    if (meets(action, 'hold')) {
      const about = signals.texts.flatMap(({ found }) => found).join(' and ');
      const message = `loosens the floor: it allows ${about || 'what'} rule ${ruleId ?? ''} meets with ${action}`;
      return [{ at, message }];
    }
  }
  return [];
}

/** The least that makes each rule true and each threshold reached, judged with and without it all. */
function milder(document: PolicyFile, base: Judge): PolicyFault[] {
  const both = withDocument(base, document);
  const scores = Object.entries(document.scores).flatMap(([code, thresholds]) =>
    actions.flatMap((one) => {
      const score = one === 'allow' ? 0 : thresholds[one];
      return score === undefined ? [] : [scoring({ [code]: score })];
    }),
  );
  const cases = [...document.rules.flatMap((rule) => waysOf(rule) ?? []), ...scores];
  const found = cases.some((signals) => !meets(both(signals).action, base(signals).action));
  return found ? [{ at: '', message: 'loosens the floor' }] : [];
}

/** The least signals that make a rule true, in each way that it can be; `undefined` when too many. */
export function waysOf({ when }: PolicyRule): Signals[] | undefined {
  const { concepts = [], beside_picture: beside, scores = {} } = when;
  const measured = scoring(scores);
  const screens: TextScreen[] = [
    ...(beside === true ? [] : (['words'] as const)),
    ...(beside === false ? [] : (['words-beside-picture', 'unwanted-beside-picture'] as const)),
  ];
  const count = concepts.reduce((product, group) => product * group.length, screens.length);
  if (count > MOST_WAYS) return undefined;
  const choices = concepts.reduce<Concept[][]>(
    (chosen, group) => chosen.flatMap((some) => group.map((one) => [...some, one])),
    [[]],
  );
  return screens.flatMap((by) =>
    choices.map((found) => ({
      ...measured,
      texts: [{ by, plain: found, found, unread: false }],
    })),
  );
}

const scoring = (scores: Readonly<Record<string, number>>): Signals => ({
  ...noSignals,
  scores: Object.fromEntries(
    Object.entries(scores).map(([code, score]) => [code, { score, provider: 'none', model: '' }]),
  ),
});
