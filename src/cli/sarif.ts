import type { Log, ReportingDescriptor, Result } from 'sarif';
import { version } from '../../package.json';
import { describeUnknown, type Finding, type PolicyRule } from '../policy/index.ts';
import { asJson } from './json.ts';
import type { Checked } from './judged.ts';
import type { ReadSecret } from './secrets.ts';

/**
 * Findings as a log that code-scanning viewers show. Source: SARIF 2.1.0, OASIS (documented). A viewer wants a line: of a
 * transcript it is the one since which it is so, of any other file the first.
 */
export const sarifOf = (checked: readonly Checked[], policy: readonly PolicyRule[]): Log => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'secret-stages', version, rules: policy.map(descriptorOf) } },
      columnKind: 'utf16CodeUnits',
      invocations: [
        {
          executionSuccessful: true,
          toolExecutionNotifications: checked.flatMap(({ secret, unjudged }) =>
            unjudged.map(({ rule, unknown }) => ({
              level: 'note',
              message: { text: `${describeUnknown(unknown)} (${rule} of ${secret.state.name})` },
            })),
          ),
        },
      ],
      results: checked.flatMap(({ secret, findings }) => findings.map((finding) => resultOf(finding, secret, policy))),
    },
  ],
});

const descriptorOf = ({ id, title, why, advice, severity, thresholds }: PolicyRule): ReportingDescriptor => ({
  id,
  shortDescription: { text: title },
  fullDescription: { text: why },
  help: { text: advice },
  defaultConfiguration: { level: severity },
  properties: { thresholds },
});

const resultOf = (finding: Finding, secret: ReadSecret, policy: readonly PolicyRule[]): Result => {
  const { rule, severity, sentence, stage, versionId, since, remedy } = finding;
  const place = [secret.project, secret.state.name, stage, versionId];
  return {
    ruleId: rule,
    ruleIndex: policy.findIndex(({ id }) => id === rule),
    level: severity,
    message: { text: `${secret.state.name}: ${sentence}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(secret.file) },
          region: { startLine: lineOf(secret, since) },
        },
        logicalLocations: [
          { fullyQualifiedName: place.filter((part) => part !== null && part !== undefined).join('/') },
        ],
      },
    ],
    partialFingerprints: { 'secretStages/v1': asJson([rule, ...place]) },
    properties: { stage, versionId, since, remedy },
  };
};

const uriOf = (file: string): string => file.split('/').map(encodeURIComponent).join('/');

const lineOf = ({ moments, line }: ReadSecret, since: number | undefined): number =>
  (moments.find(({ at }) => at === since) ?? moments.at(-1))?.line ?? line;
