/** An error of Stripe's API. */
export class StripeRefusal extends Error {
  constructor(
    readonly status: number,
    readonly error: Readonly<Record<string, unknown>>,
  ) {
    super(String(error['message']));
  }
}

export const invalid = (message: string, more: Readonly<Record<string, unknown>> = {}) =>
  new StripeRefusal(400, { type: 'invalid_request_error', message, ...more });

export const missing = (param: string) =>
  invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });

export const unknown = (param: string) =>
  invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
