export { importAws } from './aws.ts';
export { importCsms } from './csms.ts';
export { importAll, importAny, type JsonDocument } from './import-all.ts';
export type { Imported, ImportedSecret, ImportOptions, Remark } from './imported.ts';
export { importSnapshot } from './snapshot.ts';
