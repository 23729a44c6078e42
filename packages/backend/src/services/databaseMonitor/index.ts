export type { DatabaseMonitor, DatabaseStatus } from './DatabaseMonitor';
export { databaseMonitorServiceRef } from './databaseMonitorServiceRef';
