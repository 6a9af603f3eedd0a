import leven from 'leven';
import { builtIns } from '../../dialects/index.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';

export const lookalikeNames: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'lookalike-names',
  title: 'Stage names are easy to distinguish.',
  why: 'Someone may move one stage and mean the other.',
  advice: 'Rename one: put a new stage on the same version, then remove the old one.',
  severity: 'warning',
  thresholds: {},
  needs: ['versions'],
  find: ({ state, dialect }) => {
    const own = builtIns(dialect);
    const seen = new Map<string, string>();
    return state.stages.flatMap(({ name: stage, versionId }) => {
      const looks = [`spoken ${spoken(stage)}`, `drawn ${drawn(stage)}`];
      const mistyped = own.find((name) => !own.includes(stage) && leven(spoken(name), spoken(stage)) <= 2);
      const twin = looks.map((look) => seen.get(look)).find((name) => name !== undefined) ?? mistyped;
      for (const look of looks) seen.set(look, stage);
      if (twin === undefined) return [];
      return [{ sentence: `Stages ${quote(twin)} and ${quote(stage)} are easy to confuse.`, stage, versionId }];
    });
  },
});

/** A name as it is spoken, without case and with one separator. */
function spoken(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, '-');
}

/** A name as it looks. Source: Unicode Technical Standard 39, confusables.txt, its ASCII characters (documented). */
function drawn(name: string): string {
  return name.replaceAll(/[1I|]/g, 'l').replaceAll('0', 'O').replaceAll('m', 'rn');
}
