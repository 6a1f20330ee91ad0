import { type Decider, DomainError } from '@safelight/event-sourcing';
import type { Grounds } from '../takedown/takedown.js';

/** How long a case belongs to whoever claimed it. */
export const CLAIM_MS = 30 * 60_000;

export type ReviewEvent =
  | {
      readonly type: 'CaseClaimed';
      readonly at: string;
      readonly by: string;
      readonly until: string;
    }
  | ({ readonly type: 'OverturnProposed'; readonly at: string } & Grounds)
  | ({ readonly type: 'RefusalUpheld'; readonly at: string } & Grounds)
  | ({
      readonly type: 'RefusalOverturned';
      readonly at: string;
      readonly proposedBy: string;
    } & Grounds)
  /** The strike is erased, and what was charged for nothing is given back. */
  | { readonly type: 'OverturnCarriedOut'; readonly at: string; readonly refundedMicros: string };

export type ReviewCommand =
  | { readonly type: 'Claim'; readonly at: string; readonly by: string }
  | { readonly type: 'UpholdRefusal'; readonly at: string; readonly grounds: Grounds }
  /** The first time it is proposed; another person's confirms it. */
  | { readonly type: 'OverturnRefusal'; readonly at: string; readonly grounds: Grounds }
  | { readonly type: 'RecordOverturn'; readonly at: string; readonly refundedMicros: string };

export interface Review {
  readonly claim: { readonly by: string; readonly untilMs: number } | null;
  readonly outcome: 'open' | 'upheld' | 'overturned';
  readonly proposedBy: string | null;
  readonly carriedOut: boolean;
}

const initialState = (): Review => ({
  ...{ claim: null, outcome: 'open', proposedBy: null, carriedOut: false },
});

/** @throws DomainError `case.claimed` while somebody else works on it */
export function requireFree({ claim }: Review, by: string, at: string): void {
  if (claim === null || claim.by === by || claim.untilMs <= Date.parse(at)) return;
  throw new DomainError('case.claimed', { by: claim.by });
}

/** @throws DomainError `case.claimed`, `case.decided`, `case.same_person` */
function decide(command: ReviewCommand, state: Review): ReviewEvent[] {
  switch (command.type) {
    case 'Claim': {
      const { at, by } = command;
      if (state.outcome !== 'open') throw new DomainError('case.decided');
      requireFree(state, by, at);
      const until = new Date(Date.parse(at) + CLAIM_MS).toISOString();
      return [{ type: 'CaseClaimed', at, by, until }];
    }
    case 'UpholdRefusal': {
      const { at, grounds } = command;
      if (state.outcome === 'upheld') return [];
      if (state.outcome === 'overturned') throw new DomainError('case.decided');
      requireFree(state, grounds.by, at);
      return [{ type: 'RefusalUpheld', at, ...grounds }];
    }
    case 'OverturnRefusal':
      return overturn(command, state);
    case 'RecordOverturn': {
      const { at, refundedMicros } = command;
      if (state.outcome !== 'overturned' || state.carriedOut) return [];
      return [{ type: 'OverturnCarriedOut', at, refundedMicros }];
    }
  }
}

/** Four eyes: whoever confirms need not have claimed it, but must be somebody else. */
function overturn(
  { at, grounds }: Extract<ReviewCommand, { type: 'OverturnRefusal' }>,
  state: Review,
): ReviewEvent[] {
  const { outcome, proposedBy } = state;
  if (outcome === 'overturned') return [];
  if (outcome === 'upheld') throw new DomainError('case.decided');
  if (proposedBy === null) {
    requireFree(state, grounds.by, at);
    return [{ type: 'OverturnProposed', at, ...grounds }];
  }
  if (proposedBy === grounds.by) throw new DomainError('case.same_person', { by: proposedBy });
  return [{ type: 'RefusalOverturned', at, proposedBy, ...grounds }];
}

function evolve(state: Review, event: ReviewEvent): Review {
  switch (event.type) {
    case 'CaseClaimed':
      return { ...state, claim: { by: event.by, untilMs: Date.parse(event.until) } };
    case 'OverturnProposed':
      return { ...state, proposedBy: event.by };
    case 'RefusalUpheld':
      return { ...state, outcome: 'upheld' };
    case 'RefusalOverturned':
      return { ...state, outcome: 'overturned' };
    case 'OverturnCarriedOut':
      return { ...state, carriedOut: true };
  }
}

/** What people do with a case: who works on it, and of an appeal what comes of it. */
export const review: Decider<ReviewCommand, ReviewEvent, Review> = {
  decide,
  evolve,
  initialState,
};
