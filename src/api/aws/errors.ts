import * as v from 'valibot';
import type { DeletionDays, Dialect } from '../../dialects/index.ts';
import { refusalSentence } from '../../explain.ts';
import { fieldOf } from '../../json.ts';
import type { Refusal } from '../../refusal.ts';
import { asText, grouped, quote } from '../../text.ts';

/** The error of a refused call. */
export interface AwsError {
  /** The type, such as `ResourceNotFoundException`. */
  readonly type: string;
  /** The message. It never contains a secret value. */
  readonly message: string;
  /** 400 if omitted. */
  readonly status?: number;
}

/* @__NO_SIDE_EFFECTS__ */
function error(type: string, message: string): AwsError {
  return { type, message };
}

/**
 * The errors of the service that do not come from the model. R: recorded from AWS by the tests of LocalStack or verified by those of
 * moto. P: quoted in public reports. D: documented. A: assumed.
 */
export const errors = /* @__PURE__ */ errorsOfAws();

/** A function call, so that a bundle without calls can omit it. */
function errorsOfAws() {
  const noToken = 'You must provide a ClientRequestToken value. We recommend a UUID-type value.';
  return {
    /** R */
    noSecret: error('ResourceNotFoundException', "Secrets Manager can't find the specified secret."),
    /** R */
    noValueAt: (stage: string): AwsError =>
      error(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${stage}`,
      ),
    /** R */
    noVersion: (versionId: string): AwsError =>
      error(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for VersionId: ${versionId}`,
      ),
    /** R */
    stageElsewhere: error(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    ),
    /** R */
    markedForDeletion: error(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    ),
    /** R */
    nameIsScheduled: error(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    ),
    /** R */
    nameExists: (name: string): AwsError =>
      error('ResourceExistsException', `The operation failed because the secret ${name} already exists.`),
    /** R */
    tokenInUse: (token: string, arn: string): AwsError =>
      error(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`,
      ),
    /** R */
    noToken: error('InvalidRequestException', noToken),
    /** R */
    invalidName: error(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    ),
    /** P */
    noValue: error('InvalidRequestException', 'You must provide either SecretString or SecretBinary.'),
    /** P */
    twoValues: error(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    ),
    /** P */
    window: ({ least, most }: DeletionDays): AwsError =>
      error(
        'InvalidParameterException',
        `The RecoveryWindowInDays value must be between ${least} and ${most} days (inclusive).`,
      ),
    /** P */
    windowAndForce: error(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    ),
    /** D: the type. A: the message. */
    secretLimit: (limit: number): AwsError =>
      error(
        'LimitExceededException',
        `The account has reached its limit of ${grouped(limit)} secrets in this region. Delete one first.`,
      ),
    /** D: the type. A: the message. */
    noStageChange: error(
      'InvalidParameterException',
      'You must provide RemoveFromVersionId, MoveToVersionId, or both.',
    ),
    /** D: the type. A: the message. */
    invalidNextToken: error(
      'InvalidNextTokenException',
      'The NextToken value is invalid. Pass the NextToken of the previous response, to the same operation, with the same SortBy and SortOrder.',
    ),
    /** D: the rule and the type. A: the message. */
    idsOrFilters: error(
      'InvalidParameterException',
      "Either 'SecretIdList' or 'Filters' must be provided, but not both.",
    ),
    /** D: the rule and the type. A: the message. */
    maxResultsNeedsFilters: error(
      'InvalidParameterException',
      "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.",
    ),
    /** A */
    noFilterKey: error('InvalidParameterException', 'Invalid filter key'),
    /** A */
    noFilterValues: (key: string): AwsError =>
      error('InvalidParameterException', `Invalid filter values for key: ${key}`),
    /** D: the limit and the prefix. A: the messages. */
    tooManyTags: (limit: number): AwsError =>
      error('InvalidParameterException', `A secret can have at most ${limit} tags. Pass fewer.`),
    reservedTag: (key: string): AwsError =>
      error(
        'InvalidParameterException',
        `Tag key ${quote(key)} is invalid: keys that begin with aws: are reserved. Choose another.`,
      ),
    /** D */
    malformedPolicy: error('MalformedPolicyDocumentException', 'This resource policy contains a syntax error.'),
    /** D */
    publicPolicy: error(
      'PublicPolicyException',
      "You can't attach a resource-based policy that allows broad access to the secret.",
    ),
    /** P */
    shortPassword: error('InvalidParameterException', 'Password length is too short based on the required types.'),
    /** P */
    classExcluded: error('InvalidParameterException', 'All characters of the desired type have been excluded.'),
    /** P */
    allExcluded: error('InvalidParameterException', 'All characters have been excluded from selection.'),
    /** R: for RotateSecret, the type differs. */
    noTokenToRotate: error('InvalidParameterException', noToken),
    /** A */
    invalidToken: (rule: string): AwsError => constraintError([], 'clientRequestToken', constraintOf(rule)),
    /** D: the refusal. P: the message. */
    rotationIncomplete: error(
      'InvalidRequestException',
      "A previous rotation isn't complete. That rotation will be reattempted.",
    ),
    /** R */
    noRotationFunction: error(
      'InvalidRequestException',
      'No Lambda rotation function ARN is associated with this secret.',
    ),
    /** R */
    cannotInvoke: error(
      'AccessDeniedException',
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    ),
    /** D: the rules. P: the type, and the message for two schedules. A: the other messages. */
    invalidRules: (problem: string): AwsError => error('InvalidParameterException', problem),
    /** P */
    onReplica: error(
      'InvalidParameterException',
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
    ),
    /** P */
    hasReplicas: (arn: string, regions: readonly string[]): AwsError =>
      error(
        'InvalidParameterException',
        `You can't delete secret ${arn} that still has replica regions [${regions.join(', ')}].`,
      ),
    /** P: for the region of the secret itself. A: for one that cannot have a replica for another reason. */
    invalidReplicaRegion: error('InvalidParameterException', 'Invalid replica region.'),
    /** D: the type. A: the message. */
    alreadyReplicated: (region: string): AwsError =>
      error(
        'InvalidParameterException',
        `The secret is already replicated to region ${region}. Remove the region first to replicate it again.`,
      ),
    /** D: the type. A: the message. */
    notAReplica: error(
      'InvalidRequestException',
      'The secret is not a replica. Call StopReplicationToReplica in the region of a replica.',
    ),
    /** A: an operation or a parameter that the emulator does not have. */
    notEmulated: (what: string): AwsError =>
      error('InvalidRequestException', `The emulator does not support ${what}. Nothing was changed.`),
    /** D: the type. A: the rest. */
    unknownOperation: error(
      'UnknownOperationException',
      'This is not an operation. Send a POST to / with an X-Amz-Target such as secretsmanager.GetSecretValue.',
    ),
    /** D: the type. A: the message. */
    serialization: (problem: string): AwsError => error('SerializationException', `${problem}.`),
    /** D: the type. A: the message. */
    accessDenied: (problem: string): AwsError => error('AccessDeniedException', `${problem}.`),
    /** P: every SDK retries it. The service model does not have it. */
    throttling: error('ThrottlingException', 'Rate exceeded'),
    /** D: the type. A: the message. */
    internal: (problem: string): AwsError => error('InternalServiceError', `${problem}.`),
    /** D: the type. P: the message. */
    noCredentials: error('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    /** D: the type. A: the message. */
    badCredentials: error(
      'IncompleteSignatureException',
      'Authorization must have a Credential of the form KEY/DATE/REGION/secretsmanager/aws4_request.',
    ),
    /** P */
    tooManyStages: error(
      'LimitExceededException',
      'You exceeded the maximum number of staging labels allowed on a secret.',
    ),
  } as const;
}

/**
 * Returns the error for a refusal of the model. The types are documented. Recorded are the messages of an invalid name, a missing
 * RemoveFromVersionId and a known token, and reported are those of AWSCURRENT, of the limit of labels and of the recovery window. The
 * others are assumed.
 */
export function errorOf(
  refusal: Refusal,
  { versions, arn }: Pick<Dialect, 'versions'> & { readonly arn: string },
): AwsError {
  switch (refusal.code) {
    case 'INVALID_VALUE':
      return invalidValue(refusal);
    case 'VERSION_ID_TAKEN':
      return errors.tokenInUse(refusal.versionId, arn);
    case 'ROTATION_INCOMPLETE':
      return errors.rotationIncomplete;
    case 'UNKNOWN_VERSION':
      return errors.noVersion(refusal.versionId);
    case 'HOLDER_NOT_NAMED':
      return error(
        'InvalidParameterException',
        `The parameter RemoveFromVersionId can't be empty. Staging label ${refusal.stage} is currently attached to version ${refusal.holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    case 'WRONG_HOLDER':
      return notAttached(refusal.stage, refusal.from, refusal.holder);
    case 'UNKNOWN_STAGE':
      return notAttached(refusal.stage, null, null);
    case 'BUILT_IN_STAGE':
      return error(
        'InvalidParameterException',
        `You can only move staging label ${refusal.stage} to a different secret version. It can’t be completely removed.`,
      );
    case 'STAGE_LIST_LIMIT':
      return refusal.listed.length > versions.lists.most
        ? constraintError([], 'versionStages', `Member must have length less than or equal to ${refusal.limit}`)
        : errors.tooManyStages;
    case 'STAGE_LIMIT':
      return errors.tooManyStages;
    case 'VERSION_LIMIT':
      return error('LimitExceededException', refusalSentence(refusal));
    default:
      return error('InvalidRequestException', refusalSentence(refusal));
  }
}

function notAttached(stage: string, from: string | null, holder: string | null): AwsError {
  const where = holder === null ? 'not attached to any version' : `attached to version ${holder}`;
  const not = from === null || holder === null ? '' : `, not to ${from}`;
  return error('InvalidParameterException', `Staging label ${stage} is ${where}${not}.`);
}

function invalidValue({ field, rule }: Refusal<'INVALID_VALUE'>): AwsError {
  if (field === 'name') return errors.invalidName;
  const place = field.replace(/\[(\d+)\]/, (_, index) => `.${Number(index) + 1}.member`);
  const member = members.reduce((text, [name, ofApi]) => text.replace(new RegExp(`^${name}\\b`), ofApi), place);
  return constraintError([], member, constraintOf(rule));
}

function constraintOf(rule: string): string {
  const [, pattern] = /^text that matches \/(.*)\/$/s.exec(rule) ?? [];
  return pattern ? `Member must satisfy regular expression pattern: ${pattern}` : `Member must be ${rule}`;
}

/** The names of the API for the fields of the model. */
const members = [
  ['versionId', 'clientRequestToken'],
  ['stages', 'versionStages'],
  ['stage', 'versionStage'],
] as const;

/** Returns the error for a request that does not fit the service model. Source: reports and recordings of this form (P). */
export function validationError([issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): AwsError {
  const path = `${v.getDotPath(issue)}`.split('.');
  const place = path.map((key) => (/^\d+$/.test(key) ? `${Number(key) + 1}.member` : lowerCamel(key))).join('.');
  if (issue.kind === 'validation')
    return constraintError(
      [issue.input].filter(() => !isSensitive(place)),
      place,
      issue.message,
    );
  if (issue.received === 'undefined' || issue.received === 'null') {
    if (place === 'clientRequestToken') return errors.noToken;
    if (/^filters\.\d+\.member\.key$/.test(place)) return errors.noFilterKey;
    if (/^filters\.\d+\.member\.values$/.test(place))
      return errors.noFilterValues(asText(fieldOf(issue.path?.at(-1)?.input, 'Key')));
    return constraintError([null], place, 'Member must not be null');
  }
  return errors.serialization(`The value at ${quote(place)} has the wrong type`);
}

/** `shown` has the value, unless it may be the secret's. A list is not shown. */
function constraintError(shown: readonly unknown[], place: string, constraint: string): AwsError {
  const value = shown
    .filter((each) => each === null || Object(each) !== each)
    .map((each) => (each === null ? ' null' : ` '${asText(each).slice(0, 80)}'`))
    .join('');
  return error(
    'ValidationException',
    `1 validation error detected: Value${value} at '${place}' failed to satisfy constraint: ${constraint}`,
  );
}

function isSensitive(place: string): boolean {
  return /^secret(String|Binary)$/.test(place);
}

/** Returns a name of the service model as other texts of AWS show it. */
export function lowerCamel(name: string): string {
  return name.replace(/^./, (first) => first.toLowerCase());
}
