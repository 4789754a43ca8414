export { customer } from './customer';
export { lookUp } from './look-up';
export { syncRun } from './sync-run';
