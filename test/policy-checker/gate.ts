import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentVersion, explain, type SecretAction, type SecretState, versionOf } from 'secret-stages';
import { check, checkPlan, defineRule, explainProblem, explainUnknown, importAll, pack } from 'secret-stages/policy';

const freshCurrent = defineRule({
  id: 'fresh-current',
  title: 'The current version is not old.',
  why: 'Our auditors ask for a new password every quarter.',
  advice: 'Rotate the secret.',
  severity: 'error',
  thresholds: { days: 90 },
  find: ({ state, at }, { days }) => {
    const version = state.versions[currentVersion(state) ?? ''];
    if (version === undefined || at - version.createTime <= days * 86_400_000) return [];
    const { id: versionId, createTime: since } = version;
    return [{ sentence: `Version "${versionId}" is more than ${days} days old.`, versionId, since }];
  },
});

const canaryIsAhead = defineRule({
  id: 'canary-is-ahead',
  title: 'A canary is no older than the current version.',
  why: 'Our canary hosts would try a password that went out of use.',
  advice: 'Take the canary off.',
  severity: 'warning',
  thresholds: {},
  find: ({ state, at }) => {
    const orderOf = (stage: string) =>
      state.versions[versionOf(state, stage) ?? '']?.ordinal ?? Number.POSITIVE_INFINITY;
    if (orderOf('canary') >= orderOf('SYSCURRENT')) return [];
    const remedies: SecretAction[][] = [[{ type: 'removeStage', stage: 'canary', at }]];
    return [{ sentence: 'The canary is behind.', stage: 'canary', versionId: versionOf(state, 'canary'), remedies }];
  },
});

const policy = [...pack, freshCurrent, canaryIsAhead];

/** Our deployment: the canary becomes current, and what was current becomes the previous one. */
const promotion = (state: SecretState, at: number): readonly SecretAction[] =>
  ['SYSPREVIOUS', 'SYSCURRENT'].flatMap((stage) => {
    const versionId = versionOf(state, stage === 'SYSCURRENT' ? 'canary' : 'SYSCURRENT');
    return versionId === undefined ? [] : [{ type: 'assignStage', stage, versionId, at }];
  });

/** What keeps us from deploying, by the answers of CSMS that were recorded in a folder; nothing if all is well. */
export const gate = (folder: string, at: number): readonly string[] => {
  const files = readdirSync(folder).map((name) => ({
    name,
    json: JSON.parse(readFileSync(join(folder, name), 'utf8')),
  }));
  const imported = importAll(files);
  if (!imported.ok) return imported.problems.map(explainProblem);
  return imported.secrets.flatMap((secret) => {
    const request = { ...secret, at, policy };
    const { findings, unchecked } = check(secret.state, request);
    const planned = checkPlan(secret.state, promotion(secret.state, at), request);
    if (!planned.allowed) return [explain(planned.refusal)];
    return [
      ...[...findings, ...planned.causes].map(({ severity, rule, sentence }) => `${severity} ${rule}: ${sentence}`),
      ...unchecked.map(({ rule, unknown }) => `not judged by ${rule}: ${explainUnknown(unknown)}`),
    ];
  });
};
