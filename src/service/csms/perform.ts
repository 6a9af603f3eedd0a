import type { Call, Secret } from '../../api/csms/index.ts';
import { drawsFrom } from '../../api/hash.ts';
import { randomPassword } from '../../api/password.ts';
import type { Place } from '../entries.ts';
import { type CallSteps, readDirectory, readSecret } from '../steps.ts';
import { type OnProject, onProject } from './on-project.ts';
import { type OnSecret, onSecret } from './on-secret.ts';
import {
  answer,
  type Context,
  type Done,
  type Refused,
  type Rules,
  refuse,
  refuseUnknown,
  type Steps,
} from './result.ts';

/** Does a call. It is a pure function of the time and the entries that it reads. */
export function* perform(call: Call, now: number, rules: Rules): CallSteps<Done | Refused, Secret> {
  if (call.operation === 'GenerateRandomPassword') return generatePassword(call, now, rules);
  const { project, secret: name } = call;
  const directory = needsDirectory(call) ? yield* readDirectory(project) : {};
  if (!isOnSecret(call)) return yield* performOnProject(call, { now, rules, directory });
  const secret = yield* readSecret<Secret>({ project, secret: name }, now);
  return secret === undefined ? refuseUnknown(name, rules) : performOn(secret, call, { now, rules, directory });
}

/** Whether a call is about one existing secret, and reads or changes nothing else. */
export function isOnSecret(call: Call): call is Call<OnSecret> {
  return Object.hasOwn(onSecret, call.operation);
}

/**
 * Returns the places that a call locks: the secret, then its project. The same order everywhere prevents deadlocks. A call that changes
 * tags does not know the name of its secret beforehand. It is done again if another call has changed the secret meanwhile.
 */
export function placesOf(call: Call): readonly Place[] {
  const { operation, project, secret } = call;
  const inProject = needsDirectory(call) ? [{ project }] : [];
  return isOnSecret(call) || operation === 'CreateSecret' ? [{ project, secret }, ...inProject] : inProject;
}

/** Whether a call needs the directory of its project. Other calls do not read it, because it can be large. */
const needsDirectory = (call: Call): boolean =>
  isOnSecret(call)
    ? ['DeleteSecret', 'DeleteSecretForSchedule', 'RestoreSecret'].includes(call.operation)
    : !['BatchShowSecretVersion', 'GenerateRandomPassword'].includes(call.operation);

const performOn = <Name extends OnSecret>(secret: Secret, call: Call<Name>, context: Context): Done | Refused => {
  const operation: (secret: Secret, call: Call<Name>, context: Context) => Done | Refused = onSecret[call.operation];
  return operation(secret, call, context);
};

const performOnProject = <Name extends OnProject>(call: Call<Name>, context: Context): Steps => {
  const operation: (call: Call<Name>, context: Context) => Steps = onProject[call.operation];
  return operation(call, context);
};

const generatePassword = ({ project, password }: Call<'GenerateRandomPassword'>, now: number, rules: Rules) => {
  const { random = drawsFrom(JSON.stringify([project, password, now])) } = rules;
  const made = randomPassword(password, random);
  return typeof made === 'string' ? refuse({ code: 'BAD_FIELD', expected: noPassword[made] }) : answer(made);
};

const noPassword = {
  ALL_EXCLUDED: 'body must not exclude all characters',
  TYPE_EXCLUDED: 'body.exclude_characters must leave a character of each included type',
  TOO_SHORT: 'body.length must be at least the number of included types, because each is required',
};
