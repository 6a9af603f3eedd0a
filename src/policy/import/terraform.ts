import * as v from 'valibot';
import {
  type BatchOutcome,
  explain,
  hasVersion,
  type Problem,
  type SecretAction,
  type SecretState,
  stageOf,
  tryApplyAll,
  versionsByAge,
} from '../../index.ts';
import { fieldOf } from '../../json.ts';
import { readBy } from '../../service/index.ts';
import { subjectAfter, type Unknown, unknownsOf } from '../subject.ts';
import { type Imported, type ImportedSecret, type Input, imported, type Remark } from './imported.ts';
import { type Fact, has, type Named, type ResponseReader, type SecretFact, type VersionFact } from './responses.ts';

/** What Terraform knows of a secret through one resource, and what its plan does. */
export interface TerraformFact extends Named {
  readonly kind: 'terraform';
  /** The path of the document. */
  readonly source: string;
  /** Whether the plan creates the secret. */
  readonly isNew: boolean;
  /** The version before the plan, if it exists. */
  readonly version?: VersionFact | undefined;
  readonly secret?: SecretFact | undefined;
  /** The address of the resource, if it relies on its version after the plan. */
  readonly tracker?: string | undefined;
  /** The planned steps. Each returns its actions on the secret as it is then. */
  readonly steps: readonly ((state: SecretState, at: number) => readonly SecretAction[])[];
  /** When the newest version expires, if the plan sets it. */
  readonly expireTime?: number | undefined;
  /** When the plan was made, in epoch milliseconds; undefined if unknown. */
  readonly at: number | undefined;
}

/** A resource before and after a plan. In a state, both are the same, and it has no actions. */
export interface Resource<Attributes> {
  readonly type: string;
  readonly address: string;
  readonly path: string;
  readonly source: string;
  readonly before?: Attributes | null | undefined;
  readonly after?: Attributes | null | undefined;
  readonly actions: readonly string[];
  readonly at: number | undefined;
}

/**
 * Whether data is the output of `terraform show -json`, of a state or a plan.
 *
 * Source: the page on the JSON output format of Terraform (documented).
 */
export function isTerraform(json: unknown): boolean {
  const parts = ['terraform_version', 'values', 'resource_changes'];
  return has(json, 'format_version') && parts.some((part) => has(json, part));
}

/** Reads the resources of some types. `hasValue` says whether the attributes of one contain the value of a secret. */
export function readTerraform<Attributes>(
  types: readonly string[],
  attributes: v.GenericSchema<unknown, Attributes>,
  factsOf: (resources: readonly Resource<Attributes>[]) => readonly Fact[],
  hasValue: (attributes: unknown) => boolean = () => false,
): ResponseReader {
  const named = { type: v.string(), address: v.string() };
  const kept = v.pipe(
    v.object({ ...named, values: attributes }),
    v.transform(({ values, ...resource }) => ({ ...resource, before: values, after: values, actions: [] })),
  );
  const change = v.object({
    actions: v.array(v.string()),
    before: v.nullish(attributes),
    after: v.nullish(attributes),
  });
  const planned = v.pipe(
    v.object({ ...named, change }),
    v.transform(({ change, ...resource }) => ({ ...resource, ...change })),
  );
  return (json, source) => {
    const isPlan = has(json, 'resource_changes');
    const time = Date.parse(`${fieldOf(json, 'timestamp')}`);
    const at = Number.isNaN(time) ? undefined : time;
    const ours = resourcesIn(json, source).filter(({ json }) => isOneOf(json, types));
    const managed = ours.filter(({ json }) => fieldOf(json, 'mode') !== 'data' && has(json, 'change') === isPlan);
    const problems: Problem[] = [];
    const resources: Resource<Attributes>[] = [];
    for (const { json, path } of managed) {
      const read = readBy(isPlan ? planned : kept, json, path);
      if (read.ok) resources.push({ ...read.output, path, source, at });
      else problems.push(...read.problems);
    }
    if (problems.length > 0) return { ok: false, problems };
    const attributesOf = ({ json }: Input) => [
      fieldOf(json, 'values'),
      ...['before', 'after'].map((side) => fieldOf(fieldOf(json, 'change'), side)),
    ];
    return { ok: true, facts: factsOf(resources), hasValue: ours.flatMap(attributesOf).some(hasValue) };
  };
}

/** Whether the output of `terraform show -json` has a resource of one of these types. */
export function hasResources(json: unknown, types: readonly string[]): boolean {
  return resourcesIn(json, '').some(({ json }) => isOneOf(json, types));
}

function isOneOf(resource: unknown, types: readonly string[]): boolean {
  return types.includes(`${fieldOf(resource, 'type')}`);
}

/** Every resource: the changes of a plan and what it knew before, or those of a state. */
function resourcesIn(json: unknown, path: string): readonly Input[] {
  const resources = [...partsOf({ json, path }, 'resource_changes')];
  const prior = fieldOf(json, 'prior_state');
  const modules = [
    ...partsOf({ json: fieldOf(json, 'values'), path: `${path}.values` }, 'root_module'),
    ...partsOf({ json: fieldOf(prior, 'values'), path: `${path}.prior_state.values` }, 'root_module'),
  ];
  for (let module = modules.pop(); module; module = modules.pop()) {
    resources.push(...partsOf(module, 'resources'));
    modules.push(...partsOf(module, 'child_modules').reverse());
  }
  return resources;
}

/** The elements of a list in a field, or the content of the field. */
function partsOf({ json, path }: Input, field: string): Input[] {
  const part = fieldOf(json, field);
  if (!Array.isArray(part)) return part === undefined ? [] : [{ json: part, path: `${path}.${field}` }];
  return part.map((json, index) => ({ json, path: `${path}.${field}[${index}]` }));
}

/**
 * Imports a secret as it is after the plan of Terraform, and as it was before. `isListed` says whether its versions come from the
 * cloud. Refuses a plan that the cloud would refuse.
 */
export function withTerraform(
  secret: ImportedSecret,
  facts: readonly TerraformFact[],
  isListed: boolean,
  remarks: readonly Remark[],
): Imported {
  if (facts.length === 0) return imported(secret, remarks);
  const tracked = new Map<string, readonly string[]>();
  let after = secret;
  for (const fact of facts) {
    const outcome = afterSteps(after, fact);
    if (!outcome.ok) {
      const expected = `a change that the cloud allows. ${explain(outcome.refusal).replace(/\.$/, '')}`;
      return { ok: false, problems: [{ path: fact.path, expected }] };
    }
    const [id = fact.version?.id] = createdIn(outcome.after.state, after.state);
    if (fact.tracker !== undefined && id !== undefined)
      tracked.set(id, [...(tracked.get(id) ?? []).filter((tracker) => tracker !== fact.tracker), fact.tracker]);
    after = outcome.after;
  }
  const isNew = !isListed && facts.some(({ isNew }) => isNew);
  const hasVersions = Object.keys(secret.state.versions).length > 0;
  const [created] = createdIn(after.state, secret.state);
  const isGap = !isListed && !isNew && !hasVersions && created !== undefined;
  return imported(
    {
      ...after,
      ...(after.state !== secret.state && hasVersions && { before: secret.state }),
      ...(tracked.size > 0 && {
        tracked: Object.fromEntries(Array.from(tracked, ([id, trackers]) => [id, trackers.join(', ')])),
      }),
      // Of a secret that the plan creates, everything is known but the times that `afterSteps` lists.
      unknown: [
        ...unknownsOf(after).filter((one) => !isNew || !secret.unknown?.includes(one)),
        ...(isGap ? [{ what: 'versions' as const, after: created }] : []),
      ],
    },
    remarks,
  );
}

/** A secret after the steps of a resource. If the time of the plan is unknown, so are the times of what they do. */
function afterSteps(
  secret: ImportedSecret,
  { steps, at, expireTime }: TerraformFact,
): { readonly ok: true; readonly after: ImportedSecret } | Extract<BatchOutcome, { readonly ok: false }> {
  let state = secret.state;
  for (const step of steps) {
    const now = at ?? versionsByAge(state).reduce((latest, { createTime }) => Math.max(latest, createTime), 0);
    const outcome = tryApplyAll(state, step(state, now), secret.dialect);
    if (!outcome.ok) return outcome;
    ({ state } = outcome);
  }
  const subject = subjectAfter(secret, state);
  const moved = state.stages.filter(({ name }) => stageOf(state, name) !== stageOf(secret.state, name));
  const times: readonly Unknown[] = [
    ...moved.map(({ name }) => ({ what: 'stageTime' as const, stage: name })),
    ...createdIn(state, secret.state).map((versionId) => ({ what: 'createTime' as const, versionId })),
  ];
  const newest = versionsByAge(state).slice(-1);
  const expires = expireTime === undefined ? {} : Object.fromEntries(newest.map(({ id }) => [id, expireTime]));
  const after = {
    ...secret,
    ...subject,
    expireTimes: { ...subject.expireTimes, ...expires },
    unknown: [...unknownsOf(subject), ...(at === undefined ? times : [])],
  };
  return { ok: true, after };
}

function createdIn(state: SecretState, before: SecretState): readonly string[] {
  return Object.keys(state.versions).filter((id) => !hasVersion(before, id));
}
