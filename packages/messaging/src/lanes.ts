/** Runs the tasks of one key one after the other, those of different keys side by side. */
export class Lanes<Task> {
  private readonly waiting = new Map<string, Task[]>();

  constructor(private readonly run: (task: Task) => Promise<void>) {}

  add(key: string, task: Task): void {
    const lane = this.waiting.get(key);
    if (lane !== undefined) {
      lane.push(task);
      return;
    }
    const started: Task[] = [];
    this.waiting.set(key, started);
    void this.drive(key, task, started);
  }

  private async drive(key: string, first: Task, lane: Task[]): Promise<void> {
    let task: Task | undefined = first;
    while (task !== undefined) {
      await this.run(task);
      task = lane.shift();
    }
    this.waiting.delete(key);
  }
}
