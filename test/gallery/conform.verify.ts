import { expect, test } from 'vitest';
import { runCli } from '../cli/host.ts';
import { faults } from './faults.ts';
import { csmsOver } from './over-http.ts';
import { serve } from './serve.ts';
import { type FaultId, Vault } from './vault.ts';

/** Runs `conform` on a vault that is served over HTTP. */
const conform = async (fault?: FaultId) => {
  let now = 1_790_000_000_000;
  const { url, close } = await serve(csmsOver(new Vault(fault), () => ++now));
  const args = ['conform', url, '--project', 'p', '--seed', '1', '--format', 'json'];
  const { code, out } = await runCli(args, { env: { CSMS_TOKEN: 'any' } }).finally(close);
  return { code, found: JSON.parse(out) };
};

test('conform finds no broken law in a vault without a fault', async () => {
  expect(await conform()).toMatchObject({ code: 0, found: { ok: true } });
});

test.each(faults)('conform names the broken law: $fault', async ({ id, lawOverHttp }) => {
  expect(await conform(id)).toMatchObject({ code: 1, found: { ok: false, law: { id: lawOverHttp } } });
});
