import { expect, test } from 'vitest';
import { checkConformance, fetchDriver } from '../../src/testing/index.ts';
import { runs } from '../property.ts';
import { faults } from './faults.ts';
import { csmsOver } from './over-http.ts';
import { Vault } from './vault.ts';

test.each(faults)(
  'checkConformance finds it over the API, for each seed: $fault',
  async ({ id, lawOverHttp, callsOverHttp }) => {
    for (const seed of [1, 2, 3].slice(0, runs(1, 3))) {
      let now = 1_790_000_000_000;
      const fetch = csmsOver(new Vault(id), () => ++now);
      const driver = fetchDriver('http://csms', { project: 'p', token: 'any', fetch });
      const found = await checkConformance(driver, { seed });
      expect(found, `seed ${seed}`).toMatchObject({ ok: false, law: { id: lawOverHttp } });
      expect(!found.ok && found.story.length - 1, `seed ${seed}`).toBeLessThanOrEqual(callsOverHttp + 1);
    }
  },
);
