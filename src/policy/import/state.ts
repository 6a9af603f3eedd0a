import * as v from 'valibot';
import { cloudOf, clouds, type Dialect } from '../../dialects/index.ts';
import type { Problem, SecretState } from '../../index.ts';
import { fieldOf, isObject, isSameJson } from '../../json.ts';
import { parseSecretState, problemsOf } from '../../parse.ts';
import { time } from '../../schema.ts';
import { readBy } from '../../service/index.ts';
import { asText, foundText, quote } from '../../text.ts';
import type { Unknown } from '../subject.ts';
import { type Imported, type Input, imported, ofAnotherCloud } from './imported.ts';

/** Reads a state alone. When its versions expire is unknown. */
export function readState({ path, json }: Input, given: Dialect | undefined): Imported {
  const read = stateIn(json, path, given);
  if (!read.ok) return read;
  const { state, dialect } = read;
  return imported({ project: null, source: path, dialect, state, unknown: [{ what: 'expireTimes' }] });
}

const unknown = v.variant('what', [
  v.strictObject({ what: v.literal('stageTime'), stage: v.string() }),
  v.strictObject({ what: v.literal('versions'), after: v.string() }),
  v.strictObject({ what: v.picklist(['order', 'createTime']), versionId: v.string() }),
  v.strictObject({ what: v.picklist(['issued', 'status', 'expireTimes', 'deprecatedVersions', 'rotation']) }),
]) satisfies v.GenericSchema<unknown, Unknown>;

const subjectSchema = v.strictObject({
  before: v.optional(v.unknown()),
  rotation: v.optional(
    v.strictObject({
      isEnabled: v.boolean(),
      lastTime: v.nullable(time),
      everyDays: v.nullable(v.number()),
      nextTime: v.nullable(time),
    }),
  ),
  replicaOf: v.optional(v.string()),
  managedBy: v.optional(v.string()),
  arn: v.optional(v.string()),
  tracked: v.optional(v.record(v.string(), v.string())),
  project: v.optional(v.nullable(v.string()), null),
  source: v.optional(v.string()),
  dialect: v.optional(v.unknown()),
  state: v.unknown(),
  expireTimes: v.optional(v.custom<Readonly<Record<string, unknown>>>(isObject, 'an object')),
  unknown: v.optional(v.array(unknown), []),
});

/** Reads a state, and what else is known about it. */
export function readSubject({ path, json }: Input, given: Dialect | undefined): Imported {
  const shape = readBy(subjectSchema, json, path);
  if (!shape.ok) return shape;
  const {
    project,
    expireTimes,
    unknown,
    state: stateJson,
    before: beforeJson,
    dialect: rules,
    source: _,
    ...more
  } = shape.output;
  const read = stateIn(stateJson, `${path}.state`, given);
  if (!read.ok) return read;
  const { state, dialect } = read;
  const before = beforeJson === undefined ? undefined : stateIn(beforeJson, `${path}.before`, dialect);
  if (before && !before.ok) return before;

  const times: [versionId: string, time: number][] = [];
  const problems: Problem[] = [];
  // Its patterns are not run: untrusted ones could run forever.
  if (rules !== undefined && !isSameJson(dialect, rules)) {
    const expected = `the unchanged rules of ${quote(dialect.id)} (pass \`dialect\` to use other rules)`;
    problems.push({ path: `${path}.dialect`, expected });
  }
  for (const [versionId, entry] of Object.entries(expireTimes ?? {})) {
    const at = `${path}.expireTimes[${quote(versionId)}]`;
    const result = readBy(time, entry, at);
    if (!Object.hasOwn(state.versions, versionId))
      problems.push({ path: at, expected: 'omitted: the version does not exist' });
    else if (result.ok) times.push([versionId, result.output]);
    else problems.push(...result.problems);
  }
  if (problems.length > 0) return { ok: false, problems };
  const known = expireTimes && Object.fromEntries(times);
  const previous = before && { before: before.state };
  return imported({ project, source: path, dialect, state, expireTimes: known, unknown, ...more, ...previous });
}

type Read =
  | { readonly ok: true; readonly dialect: Dialect; readonly state: SecretState }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a state by the given dialect, or else by the cloud that it names. */
function stateIn(json: unknown, path: string, given: Dialect | undefined): Read {
  const dialect = dialectOf(json, path, given);
  if ('expected' in dialect) return { ok: false, problems: [dialect] };
  const parsed = parseSecretState(json, dialect);
  return parsed.ok
    ? { ok: true, dialect, state: parsed.state }
    : { ok: false, problems: problemsAt(path, problemsOf(parsed.refusal)) };
}

/** Moves problems of a part, whose reader calls it `state` or `snapshot`, to its path in the whole. */
export function problemsAt(path: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, path: problem.path.replace(/^\w+/, () => path) }));
}

/** Returns the dialect that a state in untrusted data names, or the problem with that name. */
export function dialectOf(state: unknown, path: string, given: Dialect | undefined): Dialect | Problem {
  const id = fieldOf(state, 'dialect');
  if (typeof id === 'string' && given) return id === given.id ? given : ofAnotherCloud(path, id, given);
  const ids = given ? quote(given.id) : `one of ${clouds.map((known) => known.id).join(', ')}`;
  if (id === undefined) return { path: `${path}.dialect`, expected: ids, found: foundText(id) };
  const others = given ? '' : ' (pass `dialect` to use another)';
  return cloudOf(asText(id)) ?? { path: `${path}.dialect`, expected: `${ids}${others}`, found: foundText(id) };
}
