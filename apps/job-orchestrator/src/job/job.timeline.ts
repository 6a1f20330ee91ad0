import type { RecordedEvent } from '@safelight/event-sourcing';
import type { JobEvent, Receipts, Submission } from './job.js';
import { failureOf } from './job.failures.js';

export interface TimelineEntry {
  sequence: number;
  type: JobEvent['type'];
  at: string;
  data: Record<string, unknown>;
}

/** The job's own events, numbered as stored, with what a customer may know of each. */
export function toTimeline(stream: readonly RecordedEvent[]): TimelineEntry[] {
  return stream.map((recorded) => {
    const event = recorded.event as JobEvent;
    // A start may have been told only with the end of its attempt.
    const at =
      event.type === 'AttemptStarted' ? event.startedAt : recorded.recordedAt.toISOString();
    return {
      sequence: recorded.version,
      type: event.type,
      at,
      data: 'caseId' in event ? ofCase(event) : dataOf(event),
    };
  });
}

type CaseEvent = Extract<JobEvent, { caseId: string }>;
const ofCase = ({ outputId, caseId }: CaseEvent) => ({ output: outputId, case: caseId });

/** Named one by one: what an event gains later stays inside until somebody decides otherwise. */
function dataOf(event: Exclude<JobEvent, CaseEvent>): Record<string, unknown> {
  switch (event.type) {
    case 'JobSubmitted':
      return submissionOf(event);
    case 'PromptScreened':
      return { decisionId: event.decisionId, policyVersion: event.policyVersion };
    case 'CreditsHeld':
      return { priceMicros: event.priceMicros, priceVersion: event.priceVersion };
    case 'JobQueued':
      return {
        model: event.spec['model'],
        steps: event.spec['steps'],
        etaSeconds: event.etaSeconds,
        queuePosition: event.queuePosition,
      };
    case 'AttemptStarted':
      return { attempt: event.attempt, ...placementOf(event.placement) };
    case 'AttemptFailed':
      return { attempt: event.attempt, code: event.code, final: event.final, ...usedBy(event) };
    case 'AttemptStopped':
      return { attempt: event.attempt, ...usedBy(event) };
    case 'OutputsReported':
      return { attempt: event.attempt, images: event.outputs.length, ...usedBy(event) };
    case 'OutputsChecked':
      return { decisions: decisionsOf(event.receipts) };
    case 'DeadlineExceeded':
      return { deadlineAt: event.deadlineAt };
    case 'CancellationRequested':
    case 'ContentErased':
      return {};
    case 'CreditsSettled':
      return { ...event.settlement };
    case 'JobCompleted':
      return { outputs: event.releasedOutputIds };
    case 'JobFailed':
    case 'JobBlocked':
    case 'JobCancelled':
      return failureOf(event.code);
  }
}

type Placement = Extract<JobEvent, { type: 'AttemptStarted' }>['placement'];

const placementOf = (placement: Placement) =>
  placement && {
    ...{ rule: placement.rule, waitedMs: placement.waitedMs },
    model: placement.warm ? 'warm' : 'loaded',
  };

function submissionOf({ contentDigest, deadlineAt, retryOf }: Submission) {
  return { contentDigest, deadlineAt, ...(retryOf == null ? {} : { retryOf }) };
}

const usedBy = ({ gpuMs }: { gpuMs?: number }) => (gpuMs === undefined ? {} : { gpuMs });

const decisionsOf = (receipts: Receipts) =>
  Object.values(receipts).map(({ decisionId, verdict }) => ({ decisionId, verdict }));
