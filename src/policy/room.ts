import type { Dialect } from '../dialect.ts';
import { countVersions, type SecretState, type SecretVersion } from '../state.ts';

/** The last time that there is, in epoch milliseconds. */
export const lastTime = 864e13;

const millisecondsAnHour = 3_600_000;

/** How many versions a secret can have, infinitely many if there is no limit. */
export const versionLimitOf = ({ versionLimit }: Dialect): number => versionLimit ?? Number.POSITIVE_INFINITY;

/** For how many new versions there is room. */
export const roomIn = (state: SecretState, dialect: Dialect): number =>
  Math.max(0, versionLimitOf(dialect) - countVersions(state));

/** From when on a version makes room once it is deprecated, in epoch milliseconds. */
export const roomAtOf = ({ createTime }: SecretVersion, { deprecatedStayInHours }: Dialect): number =>
  deprecatedStayInHours === undefined ? 0 : Math.min(lastTime, createTime + deprecatedStayInHours * millisecondsAnHour);
