import { refusalSentence } from '../../explain.ts';
import type { Refusal, RefusalCode } from '../../refusal.ts';
import { counted, quote } from '../../text.ts';
import type { Mistake } from './operations.ts';

/** Refusals of the service. The model does not have them, because it knows a single secret. */
type ServiceRefusal =
  | { readonly code: 'UNKNOWN_SECRET'; readonly secret: string }
  | { readonly code: 'SECRET_EXISTS'; readonly secret: string }
  | { readonly code: 'SECRET_LIMIT'; readonly limit: number }
  | { readonly code: 'UNKNOWN_ID'; readonly id: string }
  | { readonly code: 'UNKNOWN_TAG'; readonly key: string }
  | { readonly code: 'TAG_LIMIT'; readonly tags: number; readonly limit: number }
  | { readonly code: 'NO_CREDENTIALS'; readonly why: string };

/** Why a call was not done. */
export type CallRefusal = Refusal | ServiceRefusal | Mistake;

/** Returns the sentence of a refusal: what is wrong, and what to do. It never contains a secret value. */
export function explainRefusal(refusal: CallRefusal): string {
  switch (refusal.code) {
    case 'UNKNOWN_SECRET':
      return `Secret ${quote(refusal.secret)} does not exist in this project. Create it first.`;
    case 'SECRET_EXISTS':
      return `Secret ${quote(refusal.secret)} already exists. Choose another name, create a version of it, or restore it if its deletion is scheduled.`;
    case 'SECRET_LIMIT':
      return `The project has reached its limit of ${counted(refusal.limit, 'secret')}. Delete one first.`;
    case 'UNKNOWN_ID':
      return `No secret in this project has the id ${quote(refusal.id)}. Pass the id that CreateSecret returned, not the name.`;
    case 'UNKNOWN_TAG':
      return `The secret has no tag with the key ${quote(refusal.key)}.`;
    case 'TAG_LIMIT':
      return `The secret would have ${refusal.tags} tags, and a secret can have ${refusal.limit}. Delete some first.`;
    case 'NO_CREDENTIALS':
      return refusal.why;
    case 'NOT_A_CALL':
    case 'NOT_EMULATED':
    case 'BAD_BODY':
    case 'BAD_FIELD':
      return `${refusal.expected}.`;
    case 'INVALID_VALUE':
      return refusalSentence({
        ...refusal,
        field: refusal.field.replace(/^\w+/, (name) => fieldsOnWire[name] ?? name),
      });
    default:
      return refusalSentence(refusal);
  }
}

/** The API's names for the fields of the model. */
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
  readonly status: 400 | 403 | 501;
  /** Whether a resource does not exist. */
  readonly isMissing: boolean;
}

/* @__NO_SIDE_EFFECTS__ */
function error(error_code: string, message: string, others?: Partial<CsmsError>): CsmsError {
  return { error_code, message, status: 400, isMissing: false, ...others };
}

/** Source: CSMS API reference, Error Codes (documented, verbatim). */
const errors = {
  badValue: error('CSMS.0002', 'The value of parameter is invalid.'),
  notACall: error('CSMS.0003', 'The request is invalid.'),
  // Not an answer of CSMS.
  notEmulated: error('CSMS.0003', '', { status: 501 }),
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
 * The error for each refusal of the model that a call of CSMS can have. Documented, except for a missing version, a missing stage
 * and the version limit (assumed).
 */
const modelErrors = /* @__PURE__ */ errorsOfModel();

function errorsOfModel(): ReadonlyMap<RefusalCode, CsmsError> {
  return new Map<RefusalCode, CsmsError>([
    ['INVALID_VALUE', errors.badValue],
    ['SECRET_NOT_ENABLED', errors.notEnabled],
    ['UNKNOWN_VERSION', errors.missing],
    ['UNKNOWN_STAGE', errors.missing],
    ['BUILT_IN_STAGE', errors.builtIn],
    ['STAGE_LIMIT', errors.tooManyStages],
    ['STAGE_LIST_LIMIT', errors.tooManyListed],
    ['VERSION_LIMIT', errors.badValue],
    ['DELETION_ALREADY_SCHEDULED', errors.scheduledTwice],
    ['DELETION_NOT_SCHEDULED', errors.notScheduled],
  ]);
}

/** The errors for all refusals. A function call, so that a bundle without CSMS can omit it. */
const allErrors = /* @__PURE__ */ errorsOfAll();

/** Only an emulator with another dialect has ACTION_NOT_OFFERED. */
function errorsOfAll(): ReadonlyMap<CallRefusal['code'], CsmsError> {
  return new Map<CallRefusal['code'], CsmsError>([
    ...modelErrors,
    ['NOT_A_CALL', errors.notACall],
    ['NOT_EMULATED', errors.notEmulated],
    ['ACTION_NOT_OFFERED', errors.notACall],
    ['BAD_BODY', errors.badBody],
    ['NO_CREDENTIALS', errors.noCredentials],
    ['UNKNOWN_SECRET', errors.noSecret],
    ['UNKNOWN_ID', errors.missing],
    ['UNKNOWN_TAG', errors.missing],
    ['SECRET_LIMIT', errors.secretLimit],
  ]);
}

/**
 * Returns the error of CSMS for a refusal. SECRET_NOT_ENABLED has a separate code while the deletion is pending. A refusal without a
 * code, such as a name in use, is a bad value (assumed).
 */
export function errorOf(refusal: CallRefusal): CsmsError {
  if (refusal.code === 'SECRET_NOT_ENABLED' && refusal.status === 'PENDING_DELETE') return errors.waitsForDeletion;
  return allErrors.get(refusal.code) ?? errors.badValue;
}

/**
 * Returns the refusals of the model that an error code can mean, the inverse of {@link errorOf}; undefined if the API does not have
 * the code.
 */
export function reasonsOf(errorCode: string): readonly RefusalCode[] | undefined {
  const isCode = ({ error_code }: CsmsError) => error_code === errorCode;
  if (isCode(errors.waitsForDeletion)) return ['SECRET_NOT_ENABLED'];
  if (!Object.values(errors).some(isCode)) return undefined;
  return [...modelErrors].filter(([, error]) => isCode(error)).map(([code]) => code);
}

/** Whether an error code means that the credentials are missing or invalid. */
export function isNotLetIn(errorCode: string): boolean {
  return errorCode === errors.noCredentials.error_code;
}
