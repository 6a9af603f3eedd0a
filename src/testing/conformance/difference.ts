import { quote } from '../../text.ts';
import type { ShownSecret } from '../drivers/index.ts';
import { idsListed, type ObservedCall } from './call.ts';

/** The first difference that the call made, worded to follow "but". */
export function differenceIn({ shownBefore, shown, driver }: ObservedCall): string | undefined {
  const listed = idsListed(shown);
  const versions = shownBefore.versions.filter(
    ({ id, stages }) => driver.prunesWhenAsked || stages.length > 0 || listed.has(id),
  );
  const [were, are] = [new Set(factsOf({ ...shownBefore, versions })), new Set(factsOf(shown))];
  const news = [...are].find((fact) => !were.has(fact));
  if (news !== undefined) return `now ${news}`;
  const past = [...were].find((fact) => !are.has(fact));
  return past && `it is no longer true that ${past}`;
}

const factsOf = ({ status, scheduledDeleteTime, versions, stages }: ShownSecret): readonly string[] => [
  `the secret is ${status}`,
  `its deletion time is ${scheduledDeleteTime}`,
  ...versions.flatMap((version) => [
    `version ${quote(version.id)} is listed`,
    `the creation time of version ${quote(version.id)} is ${version.createTime}`,
    ...version.stages.map((name) => `stage ${quote(name)} is listed with version ${quote(version.id)}`),
  ]),
  ...stages.map(({ name, versionId, updateTime }) => {
    const since = updateTime === undefined ? '' : ` since ${updateTime}`;
    return `stage ${quote(name)} has marked version ${quote(versionId)}${since}`;
  }),
];
