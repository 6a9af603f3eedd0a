import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { versionOf } from 'secret-stages';
import {
  check,
  checkAll,
  checkPlan,
  explainProblem,
  explainUnknown,
  importAll,
  pack,
  promotionOf,
  toSarif,
} from 'secret-stages/policy';
import rules from './rules.ts';

const policy = [...pack, ...rules];

const recordedIn = (folder: string) =>
  importAll(readdirSync(folder).map((name) => ({ name, json: JSON.parse(readFileSync(join(folder, name), 'utf8')) })));

/** The findings as a SARIF log, for code scanning. */
export const sarif = (folder: string, at: number) => {
  const imported = recordedIn(folder);
  return imported.ok ? toSarif(checkAll(imported.secrets, { at, policy, remarks: imported.remarks })) : undefined;
};

/** Returns what blocks a deployment, by the responses recorded in a folder. Empty: deploy. */
export const gate = (folder: string, at: number): readonly string[] => {
  const imported = recordedIn(folder);
  if (!imported.ok) return imported.problems.map((problem) => `${explainProblem(problem)}.`);
  if (imported.secrets.length === 0) return [`${folder} has no recorded responses.`];

  return imported.secrets.flatMap((secret) => {
    const request = { ...secret, at, policy };
    const { findings, unchecked } = check(secret.state, request);
    const { current, pending } = secret.dialect.stages;
    const candidate = versionOf(secret.state, pending ?? 'canary');
    // After a rotation, the pending stage can stay on the current version.
    const isNew = candidate !== undefined && candidate !== versionOf(secret.state, current);
    const promotion = isNew ? promotionOf(secret.state, candidate, request) : ({ ok: true, actions: [] } as const);
    const plan = promotion.ok
      ? checkPlan(secret.state, promotion.actions, request)
      : ({ allowed: false, ...promotion } as const);
    // Notes about the secret do not block. Everything that the promotion would cause blocks, even a note.
    const blocking = findings.filter(({ severity }) => severity !== 'note');
    return [
      ...[...blocking, ...(plan.allowed ? plan.causes : [])].map(({ rule, sentence }) => `${sentence} (${rule})`),
      ...(plan.allowed ? [] : [`The promotion would be refused. ${plan.sentence}`]),
      ...unchecked.flatMap(({ rules, unknown }) =>
        rules.map((rule) => `Rule ${rule} could not be checked. ${explainUnknown(unknown, secret.dialect)}`),
      ),
    ].map((sentence) => `${secret.state.name}: ${sentence}`);
  });
};
