import { expect, test } from 'vitest';
import * as emulator from '../../src/emulator/index.ts';
import * as evidence from '../../src/evidence/index.ts';
import * as history from '../../src/history/index.ts';
import * as core from '../../src/index.ts';
import * as policy from '../../src/policy/index.ts';
import * as server from '../../src/server/index.ts';
import * as testing from '../../src/testing/index.ts';

const namesOf = (entry: object) => Object.keys(entry).sort().join(' ');

// Some entries export whole files. A name in this list is public.
test('each entry exports exactly these names', () => {
  expect({
    core: namesOf(core),
    evidence: namesOf(evidence),
    history: namesOf(history),
    policy: namesOf(policy),
    emulator: namesOf(emulator),
    server: namesOf(server),
    testing: namesOf(testing),
  }).toMatchInlineSnapshot(`
    {
      "core": "StageRefusedError alibabaKms applyAll assignStage awsSecretsManager bind contradictions createSecret createVersion currentVersion defineDialect deprecatedVersions explain googleSecretManager hasVersion huaweiCsms isDeprecated latestVersion laws nextVersionId parseAction parseSecretState plan planAll previousVersion pruneDeprecated reduce refusalKind remainingStages removeStage restore scheduleDeletion setStatus stageOf stagesOf tryApplyAll tryAssignStage tryCreateSecret tryCreateVersion tryPruneDeprecated tryReduce tryRemoveStage tryRestore tryScheduleDeletion trySetStatus versionOf versionsByAge violations",
      "emulator": "CredentialsError SnapshotError createAwsEmulator createCsmsEmulator emptyWorld handleAws handleCsms memoryStore",
      "evidence": "evidenceOf grades",
      "history": "applyPatch diff momentsOf onDraft parseHistory record redo revisionOf since startHistory stateAt tryRecord undo",
      "policy": "BaselineError check checkAll checkHistory checkPlan checkSecret createsUntilPrunable defineRule explainProblem explainUnknown importAll importAny importAws importCsms importSnapshot isKnown pack parsePolicy promotionOf reportOf rollbackOf rotationOf severities startImport subjectAfter tenures timeOf toJUnit toSarif toText withoutKnown",
      "server": "StoreDamagedError lambdaEndpoint openStore serve",
      "testing": "awsDriver checkConformance drawBoard explainConformance explainLaw fetchDriver hostileName modelDriver secret secretAction secretActions secretName secretState stageMatchers stageName storeContract versionId",
    }
  `);
});
