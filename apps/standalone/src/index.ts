export type { Deployment } from './deployment.js';
export { deploy } from './deployment.js';
export { Home } from './home.js';
