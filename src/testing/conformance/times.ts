import { type Stage, stageOf } from '../../index.ts';
import { isTime, millisecondsADay } from '../../limits.ts';
import { quote } from '../../text.ts';
import type { ShownSecret } from '../drivers/index.ts';
import { daysAsked, type ObservedCall } from './call.ts';

/** Says which time is wrong, if any, in a sentence. */
export function wrongTime(call: ObservedCall): string | undefined {
  const { before, after, shown } = call;
  for (const { id, createTime } of shown.versions) {
    const version = after.versions[id];
    const why = version && faultOf(call, createTime, version.createTime, version === before.versions[id]);
    if (why) return `The creation time of version ${quote(id)} ${why}.`;
  }
  const hasTimes = [...call.shownBefore.stages, ...shown.stages].some(({ updateTime }) => updateTime !== undefined);
  for (const { name, updateTime } of shown.stages) {
    const stage = hasTimes && stageOf(after, name);
    const why = stage && faultOfStage(call, updateTime, stage);
    if (why) return `The update time of stage ${quote(name)} ${why}.`;
  }
  const why = faultOfDeletion(call);
  return why && `The deletion time ${why}.`;
}

/** Times of this century have 13 digits in milliseconds, 10 in seconds and 16 in microseconds. */
const [earliest, latest] = [1e12, 1e14];

/** What is wrong with a time, as the rest of a sentence. */
const faultOf = ({ driver }: ObservedCall, shown: number | null, expected: number, isUnchanged: boolean) => {
  if (shown === expected) return undefined;
  if (driver.takesTime || isUnchanged) return `is ${shown}, but must be ${expected}`;
  return shown !== null && isTime(shown) && earliest <= shown && shown <= latest
    ? undefined
    : `is ${shown}, which is not a plausible time in milliseconds`;
};

/** A clock may stand still or go back. If it has advanced, a moved stage must not keep its time. */
const faultOfStage = (call: ObservedCall, shown: number | undefined, stage: Stage): string | undefined => {
  const { before, shownBefore, driver } = call;
  const previous = stageOf(before, stage.name);
  const isUnchanged = stage === previous;
  if (shown === undefined) return 'is missing, but other stages have one';
  const why = faultOf(call, shown, stage.updateTime, isUnchanged);
  if (why || driver.takesTime || isUnchanged) return why;
  const isStale = shown === previous?.updateTime && shown < newestIn(shownBefore);
  return isStale ? `is still ${shown}, as before this call` : undefined;
};

/** How a service rounds a deletion time is not documented. A day more or less is allowed. */
const faultOfDeletion = (call: ObservedCall): string | undefined => {
  const { before, after, shown, shownBefore, driver } = call;
  const due = after.scheduledDeleteTime;
  if (due === null) return undefined;
  const isUnchanged = due === before.scheduledDeleteTime;
  const why = faultOf(call, shown.scheduledDeleteTime, due, isUnchanged);
  if (why || driver.takesTime || isUnchanged) return why;
  const days = daysAsked(call);
  const shownDays = (Number(shown.scheduledDeleteTime) - newestIn(shownBefore)) / millisecondsADay;
  return Math.abs(shownDays - days) > 1
    ? `is ${shownDays.toFixed(1)} days away, but must be ${days} days away`
    : undefined;
};

const newestIn = ({ versions }: ShownSecret): number => Math.max(0, ...versions.map(({ createTime }) => createTime));
