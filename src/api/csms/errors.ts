import { explain, type Refusal, type RefusalCode } from '../../index.ts';
import type { Mistake } from './calls.ts';

/** What only a service can refuse, for the model knows a single secret. */
export type ServiceRefusal =
  | { readonly code: 'UNKNOWN_SECRET'; readonly secret: string }
  | { readonly code: 'SECRET_EXISTS'; readonly secret: string }
  | { readonly code: 'SECRET_LIMIT'; readonly limit: number }
  | { readonly code: 'NO_CREDENTIALS'; readonly why: string };

/** Why a call was not done. */
export type CallRefusal = Refusal | ServiceRefusal | Mistake;

/** What was asked, what stands in the way, and the way out; never with a secret's value. */
export function explainRefusal(refusal: CallRefusal): string {
  switch (refusal.code) {
    case 'UNKNOWN_SECRET':
      return `Secret ${JSON.stringify(refusal.secret)} does not exist in this project: create it first.`;
    case 'SECRET_EXISTS':
      return `Secret ${JSON.stringify(refusal.secret)} exists already: choose another name, create a version of it, or restore it if its deletion is pending.`;
    case 'SECRET_LIMIT':
      return `The project has the ${refusal.limit} secrets that it may have: delete one first.`;
    case 'NO_CREDENTIALS':
      return refusal.why;
    case 'NOT_A_CALL':
    case 'BAD_BODY':
    case 'BAD_FIELD':
      return `Expected ${refusal.expected}.`;
    case 'INVALID_VALUE':
      return explain({ ...refusal, field: fieldsOnWire[refusal.field] ?? refusal.field });
    default:
      return explain(refusal);
  }
}

/** What the API calls the fields of the model. */
const fieldsOnWire: Readonly<Record<string, string>> = {
  name: 'body.name',
  stage: 'stage_name',
  stages: 'body.version_stages',
  versionId: 'version_id',
  recoveryWindowInDays: 'body.recovery_window_in_days',
};

interface CsmsError {
  readonly error_code: string;
  readonly message: string;
  readonly status: 400 | 403;
  /** Something that was named does not exist. */
  readonly isMissing: boolean;
}

const error = (error_code: string, message: string, others?: Partial<CsmsError>): CsmsError => ({
  error_code,
  message,
  status: 400,
  isMissing: false,
  ...others,
});

/** Source: CSMS API reference, Error Codes (documented); its spelling is its own. */
const errors = {
  badValue: error('CSMS.0002', 'The value of parameter is invalid.'),
  notACall: error('CSMS.0003', 'The request is invalid.'),
  badBody: error('CSMS.0004', 'The requested body format is wrong.'),
  missing: error('CSMS.0005', 'The resource does not exist.', { isMissing: true }),
  waitsForDeletion: error('CSMS.0103', 'The secret is in the scheduled deletion state.'),
  builtIn: error('CSMS.0105', 'Can not delete the system internal stage.'),
  noSecret: error('CSMS.0106', 'The secret name not found int the db.', { isMissing: true }),
  scheduledTwice: error('CSMS.0107', 'The secret is in schedule delete state.'),
  notScheduled: error('CSMS.0108', 'The secret is not in schedule delete state.'),
  notEnabled: error('CSMS.0109', 'The secret state is not enabled.', { status: 403 }),
  secretLimit: error('CSMS.0202', 'The number of secret has reached the upper limit.'),
  tooManyStages: error('CSMS.0203', 'The number of stage has reached the upper limit.'),
  tooManyListed: error('CSMS.0204', 'The number of stage is greater than the quota limit.'),
  noCredentials: error('CSMS.0301', 'Invalid X-Auth-Token.'),
} as const;

/**
 * The error of CSMS for each refusal. Documented, but for these: which code a missing version or stage has, and that one
 * without a code of its own (a name in use, the version limit) is a bad value (assumed).
 */
const errorsByCode: { readonly [Code in CallRefusal['code']]: CsmsError } = {
  NOT_A_CALL: errors.notACall,
  BAD_BODY: errors.badBody,
  BAD_FIELD: errors.badValue,
  NO_CREDENTIALS: errors.noCredentials,
  UNKNOWN_SECRET: errors.noSecret,
  SECRET_EXISTS: errors.badValue,
  SECRET_LIMIT: errors.secretLimit,
  INVALID_VALUE: errors.badValue,
  SECRET_NOT_ENABLED: errors.notEnabled,
  UNKNOWN_VERSION: errors.missing,
  UNKNOWN_STAGE: errors.missing,
  BUILT_IN_STAGE: errors.builtIn,
  STAGE_LIMIT: errors.tooManyStages,
  STAGE_LIST_LIMIT: errors.tooManyListed,
  VERSION_LIMIT: errors.badValue,
  DELETION_ALREADY_SCHEDULED: errors.scheduledTwice,
  DELETION_NOT_SCHEDULED: errors.notScheduled,
  // Only an emulator of another dialect answers these two: no call of CSMS can name the holder of a stage.
  HOLDER_NOT_NAMED: errors.badValue,
  ACTION_NOT_OFFERED: errors.notACall,
  // No call leads to these: `handleCsms` throws at a secret of another dialect, no call names a holder or chooses a version's id, all
  // deletions have a window, and their shape is sound.
  WRONG_DIALECT: errors.notACall,
  WRONG_HOLDER: errors.badValue,
  VERSION_ID_TAKEN: errors.badValue,
  UNKNOWN_ACTION: errors.notACall,
  INVALID_STATE: errors.notACall,
  INVALID_HISTORY: errors.notACall,
  DIALECT_CONTRADICTION: errors.notACall,
};

/** The error of CSMS for a refusal. While the deletion is pending, "not enabled" has a code of its own. */
export function errorOf(refusal: CallRefusal): CsmsError {
  return refusal.code === 'SECRET_NOT_ENABLED' && refusal.status === 'PENDING_DELETE'
    ? errors.waitsForDeletion
    : errorsByCode[refusal.code];
}

/** The refusals of the model that some call leads to. */
const answerable: readonly RefusalCode[] = [
  'INVALID_VALUE',
  'SECRET_NOT_ENABLED',
  'UNKNOWN_VERSION',
  'UNKNOWN_STAGE',
  'BUILT_IN_STAGE',
  'STAGE_LIMIT',
  'STAGE_LIST_LIMIT',
  'VERSION_LIMIT',
  'DELETION_ALREADY_SCHEDULED',
  'DELETION_NOT_SCHEDULED',
];

/**
 * The refusals of the model that an answer with an error code may mean, the other way round than {@link errorOf}; undefined if
 * the API has no such code.
 */
export function reasonsOf(errorCode: string): readonly RefusalCode[] | undefined {
  if (!Object.values(errors).some(({ error_code }) => error_code === errorCode)) return undefined;
  return errorCode === errors.waitsForDeletion.error_code
    ? ['SECRET_NOT_ENABLED']
    : answerable.filter((code) => errorsByCode[code].error_code === errorCode);
}

/** Whether an error code says that the credentials are none, or not good enough. */
export function isNotLetIn(errorCode: string): boolean {
  return errorCode === errors.noCredentials.error_code;
}
