export { importAws } from './aws.ts';
export { importCsms } from './csms.ts';
export type { Limits } from './held.ts';
export { type Importing, importAll, importAny, startImport } from './import-all.ts';
export type { Imported, ImportedSecret, ImportOptions, JsonDocument, Place, Remark, UseSecret } from './imported.ts';
export { importSnapshot } from './snapshot.ts';
