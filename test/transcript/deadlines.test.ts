import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDeadlines } from '../../src/transcript/deadlines.ts';
import { property } from '../property.ts';

test('takeUntil returns each due item once, the earliest first', () => {
  const { add, takeUntil } = createDeadlines();
  add('late', 30);
  add('early', 10);
  add('early', 20);
  expect([...takeUntil(9)]).toEqual([]);
  expect([...takeUntil(20)]).toEqual([
    { item: 'early', time: 10 },
    { item: 'early', time: 20 },
  ]);
  expect([...takeUntil(20)]).toEqual([]);
  expect([...takeUntil(99)]).toEqual([{ item: 'late', time: 30 }]);
});

property([fc.array(fc.oneof(fc.record({ time: fc.nat(20) }), fc.record({ now: fc.nat(20) })))])(
  'takeUntil returns the same items as a sorted list',
  (steps) => {
    const { add, takeUntil } = createDeadlines();
    let expected: number[] = [];
    for (const step of steps) {
      if ('time' in step) {
        add('db', step.time);
        expected = [...expected, step.time].sort((a, b) => a - b);
      } else {
        const { now } = step;
        expect([...takeUntil(now)].map(({ time }) => time)).toEqual(expected.filter((time) => time <= now));
        expected = expected.filter((time) => time > now);
      }
    }
  },
);
