// @ts-check
import { ok } from 'node:assert';
import { applyAll, createSecret, parseSecretState } from 'secret-stages';
import { check } from 'secret-stages/policy';
import { around, epoch } from './secrets.js';

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

/** @type {<Item>(items: readonly Item[], visit: (item: Item) => unknown) => () => unknown} Visits one item after the other, endlessly. */
const each = (items, visit) => {
  let next = 0;
  return () => visit(around(items, next++));
};

/** @returns {readonly import('./measures.js').Race[]} */
export const policy = () => {
  const states = Array.from({ length: 100_000 }, (_, index) => secretOf(index));
  const texts = states.map((state) => JSON.stringify(state));
  const found = states.filter((state) => check(state, { at, expireTimes: {} }).findings.length > 0).length;
  ok(found > 1000 && found < states.length / 10, `${found} of the secrets have findings`);
  const pack = 'the whole pack on a secret';
  return [
    {
      title: 'one of 100,000 secrets, a few with findings',
      steps: {
        [pack]: each(states, (state) => check(state, { at, expireTimes: {} })),
        'JSON.parse of its text': each(texts, (text) => JSON.parse(text)),
        'parseSecretState of its text': each(texts, (text) => parseSecretState(JSON.parse(text))),
      },
      figures: [
        {
          figure: `${pack}, times JSON.parse of its text`,
          of: pack,
          to: 'JSON.parse of its text',
          must: '≤ 20',
          aim: '≤ 5',
        },
        {
          figure: `${pack}, times parseSecretState of it`,
          of: pack,
          to: 'parseSecretState of its text',
          must: '≤ 20',
          aim: '≤ 2',
        },
      ],
    },
  ];
};
