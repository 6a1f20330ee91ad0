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
