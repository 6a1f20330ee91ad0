/** What the repository's benchmarks need of the dispatcher; no service imports this. */
export { DispatchPlace, ended, type DispatcherProcess } from './dispatch-place.js';
export { SimulatedFleet, type FleetSize } from './simulated-fleet.js';
