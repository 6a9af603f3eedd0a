import fc from 'fast-check';
import { test } from 'vitest';
import { awsSecretsManager, huaweiCsms, type SecretState } from '../../../src/index.ts';
import { secretState } from '../../../src/testing/arbitraries/index.ts';
import { numberInSeries } from '../../../src/series.ts';
test('freq', () => {
  for (const dialect of [huaweiCsms, awsSecretsManager]) {
    const states = fc.sample(secretState({ dialect }), { seed: 3, numRuns: 3000 });
    const c: Record<string, number> = {};
    const add = (k: string, is: boolean) => { c[k] = (c[k] ?? 0) + Number(is); };
    for (const s of states) {
      const made = Object.values(s.versions).sort((a, b) => a.ordinal - b.ordinal);
      let [ord, num, leap, low, lead, tied] = [0, 0, false, false, false, false];
      for (const v of made) {
        const n = numberInSeries(v.id, dialect);
        if (n === 0) continue;
        // gone since last numbered existing, chosen existing in between do not count
        const between = made.filter((o) => o.ordinal > ord && o.ordinal < v.ordinal).length;
        const gone = v.ordinal - ord - 1 - between;
        if (n > num + gone + 1) leap = true;
        if (n < num + gone + 1) low = true;
        ord = v.ordinal; num = n;
      }
      const rest = s.versionsMade - ord - made.filter((o) => o.ordinal > ord).length;
      add('gone', s.versionsMade > made.length);
      add('leapInside', leap); add('goneChosenInside', low);
      add('trailingGone', rest > 0);
      add('lastLeap', s.lastNumber > num + rest); add('lastLow', s.lastNumber < num + rest); add('atEnd', s.lastNumber === 1e15);
    }
    console.log(dialect.id, JSON.stringify(c));
  }
});
