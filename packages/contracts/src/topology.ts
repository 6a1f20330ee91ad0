import { attemptCompleted, attemptFailed, attemptStarted, attemptStopped } from './attempts.js';
import { jobEnded, jobQueued, jobStarted } from './jobs.js';
import type { PublicEvent } from './operation.js';

/** A JetStream stream and everybody who must have read it before an event may be forgotten. */
export interface StreamTopology {
  readonly name: string;
  readonly events: readonly PublicEvent[];
  readonly durables: readonly { readonly name: string; readonly events: readonly PublicEvent[] }[];
}

/** Published by the job orchestrator. */
export const jobsStream: StreamTopology = {
  name: 'SAFELIGHT_JOBS',
  events: [jobQueued, jobStarted, jobEnded],
  durables: [
    { name: 'dispatch-jobs', events: [jobQueued, jobEnded] },
    { name: 'webhook-events', events: [jobQueued, jobStarted, jobEnded] },
  ],
};

/** Published by the dispatcher. */
export const dispatchStream: StreamTopology = {
  name: 'SAFELIGHT_DISPATCH',
  events: [attemptStarted, attemptCompleted, attemptFailed, attemptStopped],
  durables: [
    {
      name: 'orchestrator-attempts',
      events: [attemptStarted, attemptCompleted, attemptFailed, attemptStopped],
    },
  ],
};

/** Parked messages: those that failed their last try, kept for a human. */
export const deadLetterStream = { name: 'SAFELIGHT_DEAD', subject: 'safelight.dead.>' } as const;

export const streams: readonly StreamTopology[] = [jobsStream, dispatchStream];
