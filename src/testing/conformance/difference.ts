import { quote } from '../../text.ts';
import type { ShownSecret } from '../drivers/index.ts';
import { idsListed, type ObservedCall } from './call.ts';

/** The first thing that the call changed, as a sentence continues after "and yet". */
export function differenceIn({ shownBefore, shown, driver }: ObservedCall): string | undefined {
  const listed = idsListed(shown);
  const versions = shownBefore.versions.filter(
    ({ id, stages }) => driver.prunesWhenAsked || stages.length > 0 || listed.has(id),
  );
  const [were, are] = [new Set(factsOf({ ...shownBefore, versions })), new Set(factsOf(shown))];
  const news = [...are].find((fact) => !were.has(fact));
  if (news !== undefined) return `${news} now`;
  const gone = [...were].find((fact) => !are.has(fact));
  return gone && `it is no longer so that ${gone}`;
}

const factsOf = ({ status, scheduledDeleteTime, versions, stages }: ShownSecret): readonly string[] => [
  `the secret is ${status}`,
  `the time of its deletion is ${scheduledDeleteTime}`,
  ...versions.flatMap((version) => [
    `version ${quote(version.id)} of ${version.createTime} is listed`,
    ...version.stages.map((name) => `stage ${quote(name)} is listed with version ${quote(version.id)}`),
  ]),
  ...stages.map(
    ({ name, versionId, updateTime }) => `stage ${quote(name)} marks version ${quote(versionId)} since ${updateTime}`,
  ),
];
