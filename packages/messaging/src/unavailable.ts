/** Nobody answered: no service listens, or none did so in time. What was asked may have happened. */
export class Unavailable extends Error {
  constructor(
    readonly code: 'service.unavailable' | 'service.timeout',
    readonly subject: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${subject}`, options);
    this.name = 'Unavailable';
  }
}

/** The answering service failed, or answered with something else than its contract says. */
export class AnswerFault extends Error {
  constructor(
    readonly subject: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${subject}: ${message}`, options);
    this.name = 'AnswerFault';
  }
}
