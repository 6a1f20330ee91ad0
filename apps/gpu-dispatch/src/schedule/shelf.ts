import type { QueuedJob } from './queued-job.js';

/** Shelves are closed up once this many places at the front are empty. */
const EMPTY_MAX = 64;

/**
 * The jobs of one account of one kind, in the order of their sequence. They mostly come in that
 * order and leave from the front, so an array does it: the rest is found by bisection.
 */
export class Shelf {
  gpuMs = 0;
  size = 0;

  /** @param places `undefined` where a job was taken out */
  constructor(
    private places: (QueuedJob | undefined)[] = [],
    private front = 0,
  ) {}

  /** The job that was queued first. */
  get head(): QueuedJob | undefined {
    return this.places[this.front];
  }

  add(job: QueuedJob): void {
    this.size += 1;
    this.gpuMs += job.predictedGpuMs;
    const last = this.places.at(-1);
    if (last === undefined || last.sequence < job.sequence) {
      this.places.push(job);
      return;
    }
    this.closeUp();
    this.places.splice(this.placeOf(job.sequence), 0, job);
  }

  /** @returns whether it was there */
  delete(job: QueuedJob): boolean {
    if (this.head?.jobId !== job.jobId) this.closeUp();
    let place = this.head?.jobId === job.jobId ? this.front : this.placeOf(job.sequence);
    while (this.places[place]?.sequence === job.sequence && !this.isAt(place, job)) place += 1;
    if (!this.isAt(place, job)) return false;
    this.size -= 1;
    this.gpuMs -= job.predictedGpuMs;
    if (place === this.front) this.dropFront();
    else this.places.splice(place, 1);
    return true;
  }

  clone(): Shelf {
    const copy = new Shelf(this.places.slice(this.front));
    copy.size = this.size;
    copy.gpuMs = this.gpuMs;
    return copy;
  }

  private isAt(place: number, { jobId }: QueuedJob): boolean {
    return this.places[place]?.jobId === jobId;
  }

  private dropFront(): void {
    this.places[this.front] = undefined;
    this.front += 1;
    if (this.front === this.places.length || this.front > EMPTY_MAX + this.size) this.closeUp();
  }

  private closeUp(): void {
    if (this.front === 0) return;
    this.places = this.places.slice(this.front);
    this.front = 0;
  }

  /** The first place whose job has this sequence or a later one; nothing is empty before it. */
  private placeOf(sequence: number): number {
    let [low, high] = [0, this.places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.places[middle]?.sequence ?? -1) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
