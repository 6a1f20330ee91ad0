import {
  type Action,
  actions,
  type Judgement,
  strengthOf,
  strongest,
} from '../../decisions/judgement.js';
import type { Signals, TextSignals } from '../../decisions/signals.js';
import { setOf } from '../../screening/lexicon.js';
import type { PolicyFile, PolicyRule, Thresholds } from './policy-file.js';

type Judge = (signals: Signals) => Judgement;

/** How sure it is, in the words of `Judgement`, where nobody measured anything. */
const confidences: Readonly<Record<Action, number>> = { allow: 1, flag: 40, hold: 60, refuse: 99 };

/**
 * A policy with a document above it. What is compiled in is asked first, and the strongest of all
 * counts: whatever the document says, no judgement becomes milder.
 */
export function withDocument(base: Judge, document: PolicyFile): Judge {
  const own = documentJudge(document);
  return (signals) => {
    const first = base(signals);
    return strongest([first, ...raised(first, document), ...own(signals)]);
  };
}

/** What the document makes of a category that was found already. */
function raised(first: Judgement, { categories }: PolicyFile): Judgement[] {
  const action = first.category === null ? undefined : categories[first.category];
  return action === undefined || first.action === 'allow' ? [] : [{ ...first, action }];
}

/** What the document finds by itself. */
export function documentJudge(document: PolicyFile): (signals: Signals) => Judgement[] {
  const rules = document.rules.map((rule) => ({ rule, applies: condition(rule) }));
  // Sorted, because a database keeps the fields of a document in an order of its own.
  const scores = Object.entries(document.scores).sort(([a], [b]) => (a < b ? -1 : 1));
  return (signals) => {
    const found = rules.find(({ applies }) => applies(signals))?.rule;
    const measured = scores.flatMap(([code, thresholds]) => {
      const score = signals.scores[code]?.score;
      return score === undefined ? [] : [judgedScore(code, score, thresholds)];
    });
    return found === undefined ? measured : [judgedRule(found), ...measured];
  };
}

const judgedRule = ({ id, category, action }: PolicyRule): Judgement =>
  action === 'allow'
    ? { action, ruleId: null, category: null, confidence: confidences.allow }
    : { action, ruleId: id, category, confidence: confidences[action] };

function judgedScore(code: string, score: number, thresholds: Thresholds): Judgement {
  const action = actionAt(score, thresholds);
  const confidence = Math.round(score * 100);
  if (action === 'allow') return { action, ruleId: null, category: null, confidence };
  return { action, ruleId: `scores.${code}`, category: thresholds.category, confidence };
}

/** What is done at this score. */
export const actionAt = (score: number, thresholds: Pick<Thresholds, 'flag' | 'hold' | 'refuse'>) =>
  actions.findLast((one) => one !== 'allow' && score >= (thresholds[one] ?? Infinity)) ?? 'allow';

function condition({ when }: PolicyRule): (signals: Signals) => boolean {
  const { beside_picture: beside, scores = {} } = when;
  const needed = Object.entries(scores);
  const words = inText(when);
  return (signals) =>
    needed.every(([code, least]) => (signals.scores[code]?.score ?? -1) >= least) &&
    (words === undefined
      ? beside === undefined || signals.texts.some((text) => isBeside(text) === beside)
      : signals.texts.some(
          (text) => (beside === undefined || isBeside(text) === beside) && words(text),
        ));
}

const isBeside = ({ by }: TextSignals): boolean => by !== 'words';

function inText({ concepts, without }: PolicyRule['when']) {
  if (concepts === undefined && without === undefined) return undefined;
  const groups = (concepts ?? []).map(setOf);
  const barred = setOf(without ?? []);
  return ({ found }: TextSignals): boolean => {
    const seen = setOf(found);
    return (barred & seen) === 0 && groups.every((group) => (group & seen) !== 0);
  };
}

/** As strong as demanded, or stronger. */
export const meets = (action: Action, demanded: Action): boolean =>
  strengthOf(action) >= strengthOf(demanded);
