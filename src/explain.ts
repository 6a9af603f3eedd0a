import type { Effect } from './effect.ts';
import { type Refusal, sentenceOf } from './refusal.ts';
import { date, sentences } from './sentences.ts';
import { quote } from './text.ts';

/**
 * Explains a refusal or an effect in plain English. The sentence of a refusal says what is wrong and what to do, and that
 * of an effect which stage or version changes, and how.
 *
 * @example
 * const refused = tryAssignStage(createSecret({ name: 'db', at: 0 }), { stage: 'canary', versionId: 'v9', at: 1 });
 * refused.ok || explain(refused.refusal); // 'Version "v9" does not exist: create it first. The secret has "v1".'
 */
export function explain(subject: Refusal | Effect): string {
  return 'code' in subject ? refusalSentence(subject) : effectSentence(subject);
}

/** {@link explain} of a refusal, for a bundle that explains no effects. */
export function refusalSentence(refusal: Refusal): string {
  return sentenceOf(refusal, sentences);
}

function effectSentence<Type extends Effect['type']>(effect: Effect<Type>): string {
  const sentence: (effect: Effect<Type>) => string = effectSentences[effect.type];
  return sentence(effect);
}

const effectSentences: { readonly [Type in Effect['type']]: (effect: Effect<Type>) => string } = {
  versionCreated: ({ versionId, withoutValue }) =>
    `Version ${quote(versionId)} is created${withoutValue ? ' without a value' : ''}.`,
  versionFilled: ({ versionId }) => `Version ${quote(versionId)} gets its value.`,
  versionEmptied: ({ versionId }) => `Version ${quote(versionId)} has no value any more.`,
  versionPruned: ({ versionId }) => `Version ${quote(versionId)} is deleted: no stage marked it.`,
  stageAdded: ({ stage, to }) => `Stage ${quote(stage)} is added to version ${quote(to)}.`,
  stageMoved: ({ stage, from, to }) =>
    `Stage ${quote(stage)} moves from version ${quote(from)} to version ${quote(to)}.`,
  stageRefreshed: ({ stage, on }) => `Stage ${quote(stage)} stays on version ${quote(on)}, with a new time.`,
  stageRemoved: ({ stage, from }) => `Stage ${quote(stage)} is removed from version ${quote(from)}.`,
  versionDeprecated: ({ versionId }) => `Version ${quote(versionId)} is deprecated: no stage marks it.`,
  versionRevived: ({ versionId }) => `Version ${quote(versionId)} is no longer deprecated.`,
  statusChanged: ({ to, scheduledDeleteTime: time }) =>
    `The secret is now ${to}${time === null ? '' : ` and will be deleted on ${date(time)}`}.`,
};
