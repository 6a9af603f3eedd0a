import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentVersion, type Dialect, type SecretAction, type SecretState, versionOf } from 'secret-stages';
import { check, checkPlan, defineRule, explainProblem, explainUnknown, importAll, pack } from 'secret-stages/policy';

const freshCurrent = defineRule({
  id: 'fresh-current',
  title: 'The current version is recent.',
  why: 'Our auditors require a new password every quarter.',
  advice: 'Rotate the secret.',
  severity: 'error',
  thresholds: { days: 90 },
  find: ({ state, dialect, at }, { days }) => {
    const version = state.versions[currentVersion(state, dialect) ?? ''];
    if (version === undefined || at - version.createTime <= days * 86_400_000) return [];
    return [{ sentence: `Current version "${version.id}" is more than ${days} days old.`, versionId: version.id }];
  },
});

// If every version in a response of AWS has a stage, these rules stay unchecked, which would block every deployment.
const others = ['previous-exists', 'stage-budget', 'version-budget'];
const policy = [...pack.filter(({ id }) => !others.includes(id)), freshCurrent];

/** Makes the version that was tried on canaries current, and the current version the previous one. */
const promotion = (state: SecretState, { stages }: Dialect, at: number): readonly SecretAction[] => {
  const { current, previous, pending, previousFollows } = stages;
  const candidate = versionOf(state, pending ?? 'canary');
  const from = versionOf(state, current);
  if (current === null || candidate === undefined) return [];
  const promote: SecretAction = { type: 'assignStage', stage: current, versionId: candidate, at, from };
  // AWS moves the previous stage itself. CSMS does not.
  if (previous === null || from === undefined || previousFollows === 'any-move') return [promote];
  return [{ type: 'assignStage', stage: previous, versionId: from, at }, promote];
};

/** Returns what blocks a deployment, by the responses recorded in a folder. Empty: deploy. */
export const gate = (folder: string, at: number): readonly string[] => {
  const read = (name: string) => ({ name, json: JSON.parse(readFileSync(join(folder, name), 'utf8')) });
  const imported = importAll(readdirSync(folder).map(read));
  if (!imported.ok) return imported.problems.map((problem) => `${explainProblem(problem)}.`);
  if (imported.secrets.length === 0) return [`${folder} has no recorded responses.`];

  return imported.secrets.flatMap((secret) => {
    const request = { ...secret, at, policy };
    const { findings, unchecked } = check(secret.state, request);
    const plan = checkPlan(secret.state, promotion(secret.state, secret.dialect, at), request);
    // Notes about the secret do not block. Everything that the promotion would cause blocks, even a note.
    const blocking = findings.filter(({ severity }) => severity !== 'note');
    return [
      ...[...blocking, ...(plan.allowed ? plan.causes : [])].map(({ rule, sentence }) => `${sentence} (${rule})`),
      ...(plan.allowed ? [] : [`The promotion would be refused. ${plan.sentence}`]),
      ...unchecked.map(
        ({ rule, unknown }) => `Rule ${rule} could not be checked. ${explainUnknown(unknown, secret.dialect)}`,
      ),
    ].map((sentence) => `${secret.state.name}: ${sentence}`);
  });
};
