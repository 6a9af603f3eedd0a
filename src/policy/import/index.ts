export { importAws } from './aws.ts';
export { importCsms } from './csms.ts';
export type { Limits } from './held.ts';
export { type Importing, importAll, importAny, type JsonDocument, startImport } from './import-all.ts';
export type { Imported, ImportedSecret, ImportOptions, Place, Remark, UseSecret } from './imported.ts';
export { importSnapshot } from './snapshot.ts';
