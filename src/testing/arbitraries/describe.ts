import type { Dialect } from '../../dialect.ts';
import { parseSecretState } from '../../parse.ts';
import { hasVersion } from '../../queries.ts';
import { countIssued } from '../../state.ts';
import { isAlwaysCurrent } from '../offered.ts';
import { build, type Description, earliestDue, type Issue, type Mark } from './description.ts';
import { seriesOf } from './names.ts';

/** The description that a secret is built from; an error if there is none. */
export const describe = (value: unknown, dialect: Dialect, mostIssued: number): Description => {
  const outcome = parseSecretState(value, dialect);
  if (!outcome.ok || countIssued(outcome.state.issued) > mostIssued) throw new Error('This is no secret to describe.');
  const { state } = outcome;
  const { name, status, scheduledDeleteTime, issued } = state;

  const chosen = [...issued.chosenIds];
  const goneOfSeries = seriesOf(dialect, issued.lastNumber).filter((id) => !hasVersion(state, id));
  const byOrdinal = new Map(Object.values(state.versions).map((version) => [version.ordinal, version]));
  const versions: Issue[] = [];
  const gone: [after: number, id: string | undefined][] = [];
  for (let ordinal = 1; ordinal <= countIssued(issued); ordinal++) {
    const version = byOrdinal.get(ordinal);
    const [nextChosen] = chosen;
    if (version) {
      if (version.id === nextChosen) chosen.shift();
      versions.push([version.id, version.createTime, version.fingerprint]);
    } else {
      // Of the gone ids only the order of the chosen ones is known: each of those comes as early as that order lets it.
      const isGone = nextChosen !== undefined && !hasVersion(state, nextChosen);
      gone.push([versions.length, isGone ? chosen.shift() : goneOfSeries.shift()]);
    }
  }

  const ids = versions.map(([id]) => id);
  const marks = state.stages.map((stage): Mark => [stage.name, ids.indexOf(stage.versionId), stage.updateTime]);
  const current = marks.find(([stage]) => stage === dialect.currentStage) ?? null;
  const others = marks.filter((mark) => mark !== current);
  const due = scheduledDeleteTime ?? earliestDue(dialect);
  const description = { name, status, due, versions, gone, current, others };
  if (
    (current === null && isAlwaysCurrent(dialect)) ||
    JSON.stringify(build(description, dialect)) !== JSON.stringify(state)
  )
    throw new Error('This secret cannot be built.');
  return description;
};
