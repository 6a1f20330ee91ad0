import { type Decider, DomainError } from '@safelight/event-sourcing';

/** An approval is good for so long, and once. */
export const APPROVED_MS = 24 * 3_600_000;

export type AccessEvent =
  | {
      readonly type: 'ReadingAsked';
      readonly at: string;
      readonly by: string;
      readonly reason: string;
    }
  | {
      readonly type: 'ReadingApproved';
      readonly at: string;
      readonly by: string;
      readonly askedBy: string;
    }
  | {
      readonly type: 'EvidenceRead';
      readonly at: string;
      readonly by: string;
      readonly approvedBy: string;
    }
  | { readonly type: 'EvidenceShredded'; readonly at: string };

export type AccessCommand =
  | {
      readonly type: 'AskReading';
      readonly at: string;
      readonly by: string;
      readonly reason: string;
    }
  | { readonly type: 'ApproveReading'; readonly at: string; readonly by: string }
  | { readonly type: 'Read'; readonly at: string; readonly by: string }
  | { readonly type: 'Shred'; readonly at: string };

export interface Access {
  readonly askedBy: string | null;
  readonly approved: { readonly by: string; readonly untilMs: number } | null;
  readonly shredded: boolean;
}

const initialState = (): Access => ({ askedBy: null, approved: null, shredded: false });

/** @throws DomainError `evidence.not_asked`, `evidence.same_person`, `evidence.not_approved`, `evidence.shredded` */
function decide(command: AccessCommand, state: Access): AccessEvent[] {
  const { at } = command;
  if (command.type === 'Shred') return state.shredded ? [] : [{ type: 'EvidenceShredded', at }];
  if (state.shredded) throw new DomainError('evidence.shredded');
  const { by } = command;
  switch (command.type) {
    case 'AskReading':
      return [{ type: 'ReadingAsked', at, by, reason: command.reason }];
    case 'ApproveReading':
      if (state.askedBy === null) throw new DomainError('evidence.not_asked');
      if (state.askedBy === by) throw new DomainError('evidence.same_person', { by });
      return [{ type: 'ReadingApproved', at, by, askedBy: state.askedBy }];
    case 'Read': {
      const { askedBy, approved } = state;
      const isGood = approved !== null && approved.untilMs > Date.parse(at) && askedBy === by;
      if (!isGood) throw new DomainError('evidence.not_approved');
      return [{ type: 'EvidenceRead', at, by, approvedBy: approved.by }];
    }
  }
}

function evolve(state: Access, event: AccessEvent): Access {
  switch (event.type) {
    case 'ReadingAsked':
      // Whoever asks anew needs a new approval, whatever somebody else was given.
      return { ...state, askedBy: event.by, approved: null };
    case 'ReadingApproved':
      return { ...state, approved: { by: event.by, untilMs: Date.parse(event.at) + APPROVED_MS } };
    case 'EvidenceRead':
      return { ...state, askedBy: null, approved: null };
    case 'EvidenceShredded':
      return { ...state, shredded: true };
  }
}

/** Who may read a case's evidence: one person asks, another approves, and each reading is an event. */
export const access: Decider<AccessCommand, AccessEvent, Access> = {
  decide,
  evolve,
  initialState,
};
