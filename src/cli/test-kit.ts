/** What `conform` loads of the test kit. A build keeps only these of it, and of fast-check. */
export { awsDriver, checkConformance, fetchDriver } from '../testing/index.ts';
