import type { OpenAssignment } from '../assignment/open-assignments.sql.js';
import type { Assignments } from '../assignment/assignment.handler.js';
import { entryOf, type Entry, type Grant } from './board.js';

/** A job that an earlier reign has left. */
interface Inherited {
  readonly entry: Entry;
  /** Who runs it, if it is leased. */
  readonly holder: Grant | undefined;
  /** Not to be leased before; `null`: at any time. */
  readonly dueAt: Date | null;
}

/** Gathers what an earlier reign has left, as the database hands it over: in pages, in no order. */
export class Inheritance {
  private readonly jobs: Inherited[] = [];

  constructor(private readonly assignments: Pick<Assignments, 'recallQueued'>) {}

  take(page: readonly OpenAssignment[]): void {
    this.assignments.recallQueued(page.filter(({ attempt }) => attempt === 0));
    for (const assignment of page) {
      const { attempt, workerId, incarnation, dueAt } = assignment;
      const isHeld = workerId !== null && incarnation !== null;
      const holder = isHeld ? { attempt, workerId, incarnation } : undefined;
      this.jobs.push({ entry: entryOf(assignment), holder, dueAt });
    }
  }

  /** All of it, in the order of queueing. */
  inOrder(): readonly Inherited[] {
    return this.jobs.sort((a, b) => a.entry.job.sequence - b.entry.job.sequence);
  }
}
