/** What is done with a request or an output, the mildest first. */
export const actions = ['allow', 'flag', 'hold', 'refuse'] as const;
/**
 * `flag` passes and is marked for people to look at; `hold` does not pass until people say so; what is
 * refused or held has a receipt that says `block`.
 */
export type Action = (typeof actions)[number];

export interface Judgement {
  readonly action: Action;
  readonly ruleId: string | null;
  readonly category: string | null;
  /** 0 (surely fine) to 100 (surely refused); for staff, who see more than bands. */
  readonly confidence: number;
}

export const confidencePassed = 1;
export const allowed: Judgement = {
  ...{ action: 'allow', ruleId: null, category: null, confidence: confidencePassed },
};

/** How strong an action is, from 0. */
export const strengthOf = (action: Action): number => actions.indexOf(action);

export const stronger = (one: Action, other: Action): Action =>
  strengthOf(other) > strengthOf(one) ? other : one;

/** The strongest; of equal ones the first. `allowed` where there is none. */
export function strongest(judgements: readonly Judgement[]): Judgement {
  return judgements.reduce(
    (best, next) => (strengthOf(next.action) > strengthOf(best.action) ? next : best),
    judgements[0] ?? allowed,
  );
}

export const verdictOf = ({ action }: Judgement): 'pass' | 'block' =>
  strengthOf(action) < strengthOf('hold') ? 'pass' : 'block';
