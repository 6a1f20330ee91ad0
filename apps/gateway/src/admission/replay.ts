/** Thrown in place of handling a request: the same one was answered before, and this was the answer. */
export class Replay extends Error {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    readonly body: Buffer,
  ) {
    super('this request was answered before');
    this.name = 'Replay';
  }
}
