import {
  type BatchOutcome,
  explain,
  hasVersion,
  type SecretAction,
  type SecretState,
  stageOf,
  tryApplyAll,
  versionsByAge,
} from '../../index.ts';
import { subjectAfter, type Unknown, unknownsOf } from '../subject.ts';
import { type Imported, type ImportedSecret, imported, type ListedSecret, type Remark } from './imported.ts';

/** What a resource of Terraform has to do with a secret. */
export interface Planned {
  readonly path: string;
  /** The path of the document. */
  readonly source: string;
  /** The address of the resource. */
  readonly address: string;
  /** Whether the plan creates the secret. */
  readonly isNew: boolean;
  /** The version of the resource before the plan, if it exists. */
  readonly version?: { readonly id: string } | undefined;
  /** Whether it relies on its version after the plan. */
  readonly isTracker: boolean;
  /** The planned steps. Each returns its actions on the secret as it is then. */
  readonly steps: readonly ((state: SecretState, at: number) => readonly SecretAction[])[];
  /** When the newest version expires, if the plan sets it. */
  readonly expireTime?: number | undefined;
  /** When the plan was made, in epoch milliseconds; undefined if unknown. */
  readonly at: number | undefined;
}

/**
 * Imports a secret as it is after the plan of Terraform, and as it was before. `isListed` says whether its versions come from the
 * cloud. Refuses a plan that the cloud would refuse.
 */
export function afterPlan(
  secret: ListedSecret,
  resources: readonly Planned[],
  isListed: boolean,
  remarks: readonly Remark[],
): Imported {
  if (resources.length === 0) return imported(secret, remarks);
  const tracked = new Map<string, readonly string[]>();
  let after: ImportedSecret = secret;
  for (const resource of withoutCopies(resources)) {
    const { address, isTracker } = resource;
    const outcome = afterSteps(after, resource);
    if (!outcome.ok) {
      const expected = `a change that the cloud allows. ${explain(outcome.refusal).replace(/\.$/, '')}`;
      return { ok: false, problems: [{ path: resource.path, expected }] };
    }
    const [id = resource.version?.id] = createdIn(outcome.after.state, after.state);
    if (isTracker && id !== undefined)
      tracked.set(id, [...(tracked.get(id) ?? []).filter((tracker) => tracker !== address), address]);
    after = outcome.after;
  }
  const isNew = !isListed && resources.some(({ isNew }) => isNew);
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
        ...unknownsOf(after).filter((one) => !isNew || !secret.unknown.includes(one)),
        ...(isGap ? [{ what: 'versions' as const, after: created }] : []),
      ],
    },
    remarks,
  );
}

/** Omits what a state, or a copy of the plan, says about a resource that a plan changes. */
function withoutCopies(resources: readonly Planned[]): readonly Planned[] {
  const changed = resources.filter(({ steps }) => steps.length > 0).reverse();
  const plans = new Map(changed.map(({ address, source }) => [address, source]));
  return resources.filter(({ address, source }) => (plans.get(address) ?? source) === source);
}

/** A secret after the steps of a resource. If the time of the plan is unknown, so are the times of what they do. */
function afterSteps(
  secret: ImportedSecret,
  { steps, at, expireTime }: Planned,
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
