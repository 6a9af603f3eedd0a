import { readArn } from './api/aws/index.ts';
import { callFor } from './api/csms/index.ts';
import { projectId } from './api/http.ts';
import { awsSecretsManager, type Dialect, huaweiCsms, type SecretAction } from './index.ts';
import { asJson, printable, shellQuoted, shellWord } from './text.ts';

/** The secret that a command changes. */
export interface Target {
  readonly name: string;
  readonly project: string | null;
  /** The ARN of a secret of AWS, if known. */
  readonly arn?: string | undefined;
  readonly dialect: Dialect;
}

/**
 * Returns the commands that do actions, one for each. Returns none if one of them is a pruning, for which no cloud has a call: the others
 * alone would do only a part. For AWS it is a command of the AWS CLI, for CSMS one of curl. If there is no such command, it is the action
 * as a line of a transcript: for other clouds, and for names that a terminal could not show as they are.
 */
export function commandsFor(actions: readonly SecretAction[], target: Target): readonly string[] {
  const calls = actions.filter((action) => action.type !== 'pruneDeprecated');
  if (calls.length < actions.length) return [];
  return calls.map((action) => {
    const command = commandFor(action, target);
    return command !== undefined && printable(command) === command ? command : lineFor(action, target);
  });
}

const commandFor = (action: SecretAction, target: Target): string | undefined => {
  if (target.dialect.id === awsSecretsManager.id) return awsCommand(action, target);
  return target.dialect.id === huaweiCsms.id ? csmsCommand(action, target) : undefined;
};

/** Source: AWS CLI reference, update-secret-version-stage (documented). */
const awsCommand = (action: SecretAction, { name, project, arn = project ?? '' }: Target): string | undefined => {
  if (action.type !== 'assignStage' && action.type !== 'removeStage') return undefined;
  const named = readArn(arn);
  const [, region] = /^\d+\/([a-z\d-]+)$/.exec(named?.project ?? project ?? '') ?? [];
  const options = {
    region,
    'secret-id': named ? arn : name,
    'version-stage': action.stage,
    'move-to-version-id': action.type === 'assignStage' ? action.versionId : undefined,
    'remove-from-version-id': action.from ?? undefined,
  };
  const given = Object.entries(options).flatMap(([option, value]) => (value === undefined ? [] : [{ option, value }]));
  // The AWS CLI would read such a value from a file or an address (documented).
  if (given.some(({ value }) => /^(fileb?|https?):\/\//.test(value))) return undefined;
  const words = given.map(({ option, value }) => `--${option}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`);
  return ['aws secretsmanager update-secret-version-stage', ...words].join(' ');
};

/** Source: CSMS API reference, the pages of the calls (documented). */
const csmsCommand = (action: SecretAction, { name, project }: Target): string | undefined => {
  const call = callFor(action, project, name);
  // A new version needs a value, which nothing here knows.
  if (call === undefined || action.type === 'createVersion') return undefined;
  // In double quotes, bash would expand an exclamation mark. The path has no other character that needs quotes.
  const path = call.path.replace('{project_id}', '$PROJECT_ID').replaceAll('!', '%21');
  const body = call.body && ` -H 'Content-Type: application/json' -d ${shellQuoted(asJson(call.body))}`;
  return `curl --fail-with-body -X ${call.method} "$CSMS_ENDPOINT${path}" -H "X-Auth-Token: $CSMS_TOKEN"${body ?? ''}`;
};

const lineFor = (
  action: Exclude<SecretAction, { type: 'pruneDeprecated' }>,
  { dialect, project, name }: Target,
): string => {
  // If moves do not need it, no call can name the version that a stage comes from.
  const done = dialect.stages.move === 'free' && 'from' in action ? { ...action, from: undefined } : action;
  const named = project !== null && projectId.test(project) ? project : undefined;
  return asJson({
    at: action.at,
    dialect: dialect.id,
    project: named,
    secret: name,
    action: done,
  });
};
