// @ts-check
import { ok } from 'node:assert';
import { do_not_optimize } from 'mitata';
import { applyAll, createSecret, parseSecretState } from 'secret-stages';
import { check } from 'secret-stages/policy';
import { epoch } from './secrets.js';

/** @typedef {import('secret-stages').SecretState} SecretState */

const day = 86_400_000;
const at = epoch + 60 * day;

/** A secret that was rotated two to seven times. One in 30 has a stuck canary. @type {(index: number) => SecretState} */
const secretOf = (index) => {
  const versions = Array.from({ length: 2 + (index % 6) }, (_, number) => ({
    type: /** @type {const} */ ('createVersion'),
    at: epoch + (number + 1) * day,
  }));
  const isStuck = index % 30 === 0;
  return applyAll(createSecret({ name: `secret-${index}`, at: epoch }), [
    ...versions,
    {
      type: 'assignStage',
      stage: 'canary',
      versionId: isStuck ? 'v1' : `v${1 + versions.length}`,
      at: isStuck ? epoch + 10 * day : at - day,
    },
  ]);
};

/** The whole pack on 100,000 secrets, compared with reading them. @returns {import('./measures.js').Race} */
export const policy = () => {
  const states = Array.from({ length: 100_000 }, (_, index) => secretOf(index));
  const texts = states.map((state) => JSON.stringify(state));
  const checkAll = () => {
    let found = 0;
    for (const state of states) if (check(state, { at, expireTimes: {} }).findings.length > 0) found++;
    return found;
  };
  const found = checkAll();
  ok(found > 1000 && found < states.length / 10, `${found} of the secrets have findings`);
  const [of, parse, read] = [
    'the whole pack on 100,000 secrets',
    'JSON.parse of their text',
    'parseSecretState of their text',
  ];
  return {
    title: '100,000 secrets, of which one in 30 has findings',
    steps: {
      [of]: checkAll,
      [parse]: () => {
        for (const text of texts) do_not_optimize(JSON.parse(text));
      },
      [read]: () => {
        for (const text of texts) do_not_optimize(parseSecretState(JSON.parse(text)));
      },
    },
    isLong: true,
    figures: [
      { figure: `${of}, times ${parse}`, of, to: parse, must: '≤ 20', aim: '≤ 5' },
      { figure: `${of}, times ${read}`, of, to: read, must: '≤ 20', aim: '≤ 2' },
    ],
  };
};
