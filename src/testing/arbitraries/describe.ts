import type { Dialect } from '../../dialects/dialect.ts';
import { parseSecretState } from '../../parse.ts';
import { byOrdinal } from '../../state.ts';
import { isAlwaysCurrent } from '../offered.ts';
import { build, type Description, earliestDue, type Made, type Mark } from './description.ts';

/** The description that a secret is built from; an error if there is none. */
export function describe(value: unknown, dialect: Dialect, mostMade: number): Description {
  const outcome = parseSecretState(value, dialect);
  if (!outcome.ok || outcome.state.versionsMade > mostMade) throw new Error('This is not a secret to describe.');
  const { state } = outcome;
  const { name, status, scheduledDeleteTime, versionsMade, lastNumber: last } = state;
  const made = Object.values(state.versions).sort(byOrdinal);
  const ids = made.map(({ id }) => id);
  const ordinals = [...made.map(({ ordinal }) => ordinal), versionsMade + 1];
  const gone = ordinals.flatMap((ordinal, place) =>
    Array.from({ length: ordinal - (ordinals[place - 1] ?? 0) - 1 }, () => [place, false] as const),
  );
  const versions = made.map(({ id, createTime, fingerprint }): Made => [id, createTime, fingerprint]);
  const marks = state.stages.map((stage): Mark => [stage.name, ids.indexOf(stage.versionId), stage.updateTime]);
  const current = marks.find(([stage]) => stage === dialect.stages.current) ?? null;
  const others = marks.filter((mark) => mark !== current);
  const due = scheduledDeleteTime ?? earliestDue(dialect);
  const description = { name, status, due, versions, gone, last, current, others };
  if (
    (current === null && isAlwaysCurrent(dialect)) ||
    JSON.stringify(build(description, dialect)) !== JSON.stringify(state)
  )
    throw new Error('This secret cannot be built.');
  return description;
}
