import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CreateSecret, SecretAction, SecretState } from '../../src/index.ts';
import type { DriverAnswer } from '../../src/testing/index.ts';
import { type VectorCase, vectorFiles } from '../run-vectors.ts';
import { faults } from './faults.ts';
import { inOrder, shownOf } from './shown.ts';
import { type FaultId, Vault } from './vault.ts';

interface History {
  readonly id: string;
  readonly rules?: object;
  readonly create: CreateSecret;
  readonly steps: readonly { readonly do: SecretAction; readonly refused?: string }[];
  /** Omitted if the secret is not created. */
  readonly end?: SecretState;
}

// Those that apply to a vault: with the rules of CSMS, valid types, and no chosen first version id.
const generated: { readonly histories: readonly History[] } = JSON.parse(
  readFileSync('test/vectors/generated.json', 'utf8'),
);
const odd = ['INVALID_VALUE', 'UNKNOWN_ACTION'];
const histories = generated.histories.flatMap(({ end, ...history }) => {
  const isOdd =
    history.rules ||
    history.create.versionId !== undefined ||
    history.steps.some(({ refused = '' }) => odd.includes(refused));
  return end && !isOdd ? [{ ...history, end }] : [];
});
/** A vault does not check types, and has one cloud. */
const isOfOthers = ({ flags }: VectorCase) => flags.includes('wrong-type') || flags.includes('wrong-dialect');
/** CSMS does not compare contents. */
const hasFingerprint = (vector: VectorCase) => JSON.stringify(vector).includes('"fingerprint"');
const cases = vectorFiles
  .flatMap(([, file]) => file.cases)
  .filter((vector) => !vector.rules && !isOfOthers(vector) && !hasFingerprint(vector));

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const saidIn = (answer: DriverAnswer) => (answer.ok ? undefined : answer.reasons?.[0]);

/** Whether a vault behaves differently from a case. */
const breaksCase = async (vector: VectorCase, fault?: FaultId): Promise<boolean> => {
  if (!('action' in vector) || vector.before === null) return false;
  const vault = new Vault(fault);
  const { before, action, after = before, refusal } = structuredClone(vector);
  vault.load(before);
  const said = saidIn(await vault.act(before.name, action));
  if (said !== refusal?.code || !isSame(action, vector.action)) return true;
  return !isSame(inOrder(await vault.show(before.name)), shownOf(after));
};

/** Whether a vault behaves differently from a history. */
const breaksHistory = async ({ create, steps, end }: (typeof histories)[number], fault?: FaultId): Promise<boolean> => {
  const vault = new Vault(fault);
  await vault.create(create.name, create.at);
  for (const step of steps) {
    const action = structuredClone(step.do);
    const said = saidIn(await vault.act(create.name, action));
    if (said !== step.refused || !isSame(action, step.do)) return true;
  }
  return !isSame(inOrder(await vault.show(create.name)), shownOf(end));
};

test('a vault without a fault passes all vectors', async () => {
  for (const vector of cases) expect(await breaksCase(vector), vector.id).toBe(false);
  for (const history of histories) expect(await breaksHistory(history), history.id).toBe(false);
});

test.each(faults)('the vectors find it: $fault', async ({ id }) => {
  const broken: string[] = [];
  for (const vector of cases) if (await breaksCase(vector, id)) broken.push(vector.id);
  for (const history of histories) if (await breaksHistory(history, id)) broken.push(history.id);
  expect(broken).not.toEqual([]);
  // Only a fault that needs several calls shows in no single action.
  expect(broken.some((name) => !name.startsWith('generated/'))).toBe(id !== 'removed-stage-returns');
});
