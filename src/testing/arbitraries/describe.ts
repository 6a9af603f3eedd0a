import type { Dialect } from '../../dialects/dialect.ts';
import { parseSecretState } from '../../parse.ts';
import { idInSeries, numberInSeries } from '../../series.ts';
import { byOrdinal } from '../../state.ts';
import { isAlwaysCurrent } from '../offered.ts';
import { build, type Description, earliestDue, type Made, type Mark } from './description.ts';

/** The description that a secret is built from; an error if there is none. */
export function describe(value: unknown, dialect: Dialect, mostMade: number): Description {
  const outcome = parseSecretState(value, dialect);
  if (!outcome.ok || outcome.state.versionsMade > mostMade) throw new Error('This is not a secret to describe.');
  const { state } = outcome;
  const { name, status, scheduledDeleteTime, versionsMade, lastNumber } = state;
  const made = Object.values(state.versions).sort(byOrdinal);
  const ids = made.map(({ id }) => id);
  const numbers = ids.map((id) => numberInSeries(id, dialect));

  // Of the gone versions only the numbers are left: each takes the next one if there is one, and the last takes the rest.
  const gone: [after: number, id: string | undefined][] = [];
  let number = 0;
  for (let place = 0; place <= made.length; place++) {
    const next = numbers.slice(place).find((later) => later > 0);
    while (place + gone.length + 1 < (made[place]?.ordinal ?? versionsMade + 1)) {
      const isLast = next === undefined && made.length + gone.length + 1 === versionsMade;
      const isFree = number + 1 < (next ?? lastNumber + 1);
      gone.push([place, isFree ? (isLast ? idInSeries(lastNumber, dialect) : undefined) : '']);
      if (isFree) number++;
    }
    number = Math.max(number, numbers[place] ?? 0);
  }

  const versions = made.map(({ id, createTime, fingerprint }): Made => [id, createTime, fingerprint]);
  const marks = state.stages.map((stage): Mark => [stage.name, ids.indexOf(stage.versionId), stage.updateTime]);
  const current = marks.find(([stage]) => stage === dialect.stages.current) ?? null;
  const others = marks.filter((mark) => mark !== current);
  const due = scheduledDeleteTime ?? earliestDue(dialect);
  const description = { name, status, due, versions, gone, current, others };
  if (
    (current === null && isAlwaysCurrent(dialect)) ||
    JSON.stringify(build(description, dialect)) !== JSON.stringify(state)
  )
    throw new Error('This secret cannot be built.');
  return description;
}
