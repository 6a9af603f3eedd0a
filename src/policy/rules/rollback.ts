import { versionOf } from '../../queries.ts';
import { quote } from '../../text.ts';
import { type ChangeCase, defineRule, type PolicyRule } from '../rule.ts';

export const rollback: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'rollback',
  title: 'The current stage moves only to newer versions.',
  why: 'If it moves back, readers get an older value again. This may be intended.',
  advice: 'If this was not intended, move the current stage back.',
  severity: 'note',
  thresholds: {},
  needs: ['order', 'createTime', 'versions'],
  misses: (secret, unknown) => {
    if (!('before' in secret)) return false;
    const move = moveOf(secret);
    // A page that is missing may have the version that the current stage leaves.
    if (unknown.what === 'versions') return move !== undefined && move.from === undefined;
    return 'versionId' in unknown && move !== undefined && [move.from, move.to].includes(unknown.versionId);
  },
  findInChange: (secret) => {
    const move = moveOf(secret);
    if (move?.from === undefined) return [];
    const { stage, from, to } = move;
    const [left, taken] = [secret.before.versions[from], secret.state.versions[to]];
    if (left === undefined || taken === undefined || taken.ordinal >= left.ordinal) return [];
    // Without its time, the place of a version is a guess.
    if (secret.unknown?.some((one) => one.what === 'createTime' && [from, to].includes(one.versionId))) return [];
    const sentence = `Stage ${quote(stage)} moves back from version ${quote(from)} to the older version ${quote(to)}.`;
    return [{ sentence, stage, versionId: to }];
  },
});

/** The move of the current stage in a change; undefined if it does not move. */
function moveOf({ before, dialect, current: to }: ChangeCase) {
  const { current: stage } = dialect.stages;
  const from = versionOf(before, stage);
  return stage === null || to === undefined || from === to ? undefined : { stage, from, to };
}
