export { customer } from '../../workflows/customer';
export { lookUp } from '../../workflows/look-up';
export { syncRun } from '../../workflows/sync-run';
