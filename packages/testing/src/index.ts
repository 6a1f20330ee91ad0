export {
  processSpecificationOf,
  specificationOf,
  type Decided,
  type Given,
} from './specification.js';
export { FixedClock } from './fixed-clock.js';
export { eventually } from './eventually.js';
export { testPostgres, type TestPostgres } from './postgres.js';
export { testNats, type TestNats } from './nats.js';
export { disputeObject, refundObject, type StripeObject } from './stripe/objects.js';
export { StripeServer, type Fault, type SignedEvent } from './stripe/stripe-server.js';
