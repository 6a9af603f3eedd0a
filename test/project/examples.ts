import { mkdtempSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import * as immer from 'immer';
import ts from 'typescript';
import * as emulator from '../../src/emulator/index.ts';
import * as evidence from '../../src/evidence/index.ts';
import * as history from '../../src/history/index.ts';
import * as secretStages from '../../src/index.ts';
import * as policy from '../../src/policy/index.ts';
import * as server from '../../src/server/index.ts';
import * as testing from '../../src/testing/index.ts';

/** Runs code of the documentation. A line `expression; // value` claims a value. Returns each claim with the actual value. */
export const claimsOf = async (
  code: string,
): Promise<readonly { readonly found: unknown; readonly claimed: unknown }[]> => {
  const claims: { found: unknown; claimed: unknown }[] = [];
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  const script = outputText
    .replaceAll(/^import [^;]*;\n/gm, '')
    .replaceAll(/^(?!const |let )(.+); \/\/ (.+)$/gm, 'claim($1, $2);');
  // Through JSON, because objects of another context have other prototypes.
  const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
  const claim = (found: unknown, claimed: unknown) => claims.push({ found: plain(found), claimed: plain(claimed) });
  await runInNewContext(`(async () => {${script}\n})()`, {
    console,
    fc,
    ...immer,
    ...secretStages,
    ...evidence,
    ...history,
    ...emulator,
    ...policy,
    ...server,
    mkdtempSync,
    fetch,
    Headers,
    Request,
    ...testing,
    claim,
  });
  return claims;
};
