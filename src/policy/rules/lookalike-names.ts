import leven from 'leven';
import { builtIns } from '../../dialects/index.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';

export const lookalikeNames: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'lookalike-names',
  title: 'The names of stages are easy to tell apart.',
  why: 'Somebody will move one and mean the other.',
  advice: 'Give one of them another name: put the new stage where it is, then remove it.',
  severity: 'warning',
  thresholds: {},
  find: ({ state, dialect }) => {
    const own = builtIns(dialect);
    const seen = new Map<string, string>();
    return state.stages.flatMap(({ name: stage, versionId }) => {
      const looks = [`spoken ${spoken(stage)}`, `drawn ${drawn(stage)}`];
      const mistyped = own.find((name) => !own.includes(stage) && leven(spoken(name), spoken(stage)) <= 2);
      const twin = looks.map((look) => seen.get(look)).find((name) => name !== undefined) ?? mistyped;
      for (const look of looks) seen.set(look, stage);
      if (twin === undefined) return [];
      return [{ sentence: `Stages ${quote(twin)} and ${quote(stage)} are hard to tell apart.`, stage, versionId }];
    });
  },
});

/** A name as it is spoken: case and the characters between its words do not matter. */
function spoken(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, '-');
}

/** A name as it is drawn. Source: Unicode Technical Standard 39, confusables.txt, as far as ASCII goes (documented). */
function drawn(name: string): string {
  return name.replaceAll(/[1I|]/g, 'l').replaceAll('0', 'O').replaceAll('m', 'rn');
}
