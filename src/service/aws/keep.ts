import type { AwsSecret, RotationAttempt, SecretRotation, ServiceEvent } from '../../api/aws/index.ts';
import { versionOf } from '../../index.ts';
import { entryOf } from '../../json.ts';
import { secretWrite } from '../steps.ts';
import { type AwsDone, type Context, serviceEvent } from './context.ts';
import { windowAfter } from './schedule.ts';

/** Answers, and writes the secret if it changed, with what the change means for its rotation. */
export function answerKeeping(
  changed: AwsSecret,
  before: AwsSecret,
  context: Context,
  body: object | undefined,
  events: readonly ServiceEvent[] = [],
): AwsDone {
  if (changed === before) return { body, events };
  const attempt = changed.rotation?.attempt;
  const abandoned = attempt && isLeft(changed, attempt, context) ? abandonment(changed, attempt, context) : undefined;
  const next = withRotation(changed, {
    ...(abandoned && { attempt: null }),
    ...(isManualRotation(changed, before, context) && { window: windowAfter(changed.rotation.rules, context.now) }),
  });
  return {
    body,
    events: [...events, ...deletions(next, before, context), ...(abandoned ? [abandoned] : [])],
    writes: [secretWrite(context.project, next.state.name, next)],
  };
}

/** Returns the secret with another state of its rotation. Unlike a change of the secret, it does not count in LastChangedDate. */
export function withRotation(secret: AwsSecret, changes: Partial<SecretRotation>): AwsSecret {
  const { rotation } = secret;
  if (!rotation || Object.keys(changes).length === 0) return secret;
  return Object.freeze({ ...secret, rotation: Object.freeze({ ...rotation, ...changes }) });
}

/** Returns the event of an attempt that ends because the labels of its version were moved. */
export function abandonment(secret: AwsSecret, { token, isTest }: RotationAttempt, context: Context): ServiceEvent {
  return isTest
    ? serviceEvent('TestRotationFailed', secret, token, context, 'The labels of its version were moved.')
    : serviceEvent('RotationAbandoned', secret, token, context);
}

/** Whether neither AWSPENDING nor AWSCURRENT is on the version of a rotation any more. Then the rotation cannot succeed. */
function isLeft({ state }: AwsSecret, { token }: RotationAttempt, { dialect }: Context): boolean {
  const { pending, current } = dialect.stages;
  return versionOf(state, pending) !== token && versionOf(state, current) !== token;
}

/** A new current value counts as a rotation for AutomaticallyAfterDays, not for an expression. Source: RotationRulesType (documented). */
function isManualRotation(
  secret: AwsSecret,
  before: AwsSecret,
  { dialect }: Context,
): secret is AwsSecret & { readonly rotation: SecretRotation } {
  const current = versionOf(secret.state, dialect.stages.current);
  const isNew = current !== undefined && hasValue(secret, current) && !hasValue(before, current);
  return isNew && secret.rotation?.isOn === true && secret.rotation.rules.ScheduleExpression === undefined;
}

function hasValue({ state }: AwsSecret, versionId: string): boolean {
  const version = entryOf(state.versions, versionId);
  return version !== undefined && version.withoutValue !== true;
}

/** The versions that were deleted to make room. */
function deletions(next: AwsSecret, before: AwsSecret, context: Context): readonly ServiceEvent[] {
  const deleted = Object.keys(before.state.versions).filter((id) => !entryOf(next.state.versions, id));
  return deleted.map((id) => serviceEvent('SecretVersionDeletion', next, id, context));
}
