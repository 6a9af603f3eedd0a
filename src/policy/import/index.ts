export { importAwsAnswers } from './aws.ts';
export { importAnswers } from './csms.ts';
export { importAll, importAny, type JsonDocument } from './import-all.ts';
export type { Imported, ImportedSecret, ImportOptions } from './imported.ts';
export { importSnapshot } from './snapshot.ts';
