import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import type { RotationRules } from '../../src/emulator/index.ts';
import { daysBetween, windowAfter, wrongInRules } from '../../src/service/aws/schedule.ts';
import { property, runs } from '../property.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A Wednesday. */
const last = Date.parse('2018-04-11T20:05:45.713Z');

const shown = (rules: RotationRules, after = last) => {
  const window = windowAfter(rules, after);
  return window && [new Date(window.opens).toISOString(), new Date(window.closes).toISOString()];
};

const midnight = (text: string) => `${text}T00:00:00.000Z`;
const endOf = (text: string) => `${text}T23:59:59.000Z`;

group('windowAfter', () => {
  test.each<[RotationRules, opens: string, closes: string]>([
    [{ AutomaticallyAfterDays: 1 }, midnight('2018-04-12'), endOf('2018-04-12')],
    [{ AutomaticallyAfterDays: 30 }, midnight('2018-05-11'), endOf('2018-05-11')],
    [{ AutomaticallyAfterDays: 1, Duration: '3h' }, midnight('2018-04-12'), '2018-04-12T02:59:59.000Z'],
    [{ ScheduleExpression: 'rate(1 day)' }, midnight('2018-04-12'), endOf('2018-04-12')],
    [{ ScheduleExpression: 'rate(10 days)' }, midnight('2018-04-21'), endOf('2018-04-21')],
    [{ ScheduleExpression: 'rate( 4  hours )' }, midnight('2018-04-12'), '2018-04-12T00:59:59.000Z'],
    [{ ScheduleExpression: 'rate(23 hours)' }, '2018-04-12T08:00:00.000Z', '2018-04-12T08:59:59.000Z'],
    [{ ScheduleExpression: 'rate(9 hours)', Duration: '2h' }, '2018-04-11T21:00:00.000Z', '2018-04-11T22:59:59.000Z'],
    [{ ScheduleExpression: 'rate(9 hours)', Duration: '9h' }, '2018-04-11T21:00:00.000Z', endOf('2018-04-11')],
    [{ ScheduleExpression: 'cron(0 8 1 * ? *)' }, '2018-05-01T08:00:00.000Z', endOf('2018-05-01')],
    [{ ScheduleExpression: 'cron(0 8 1/7 * ? *)' }, '2018-04-15T08:00:00.000Z', endOf('2018-04-15')],
    [{ ScheduleExpression: 'cron(0 4/12 * * ? *)' }, '2018-04-12T04:00:00.000Z', '2018-04-12T04:59:59.000Z'],
    [
      { ScheduleExpression: 'cron(0 2,14 * * ? *)', Duration: '10h' },
      '2018-04-12T02:00:00.000Z',
      '2018-04-12T11:59:59.000Z',
    ],
    [{ ScheduleExpression: 'cron(0 0 L * ? *)' }, midnight('2018-04-30'), endOf('2018-04-30')],
    [{ ScheduleExpression: 'cron(0 0 15W * ? *)' }, midnight('2018-04-16'), endOf('2018-04-16')],
    [{ ScheduleExpression: 'cron(0 0 ? * SUN *)' }, midnight('2018-04-15'), endOf('2018-04-15')],
    [{ ScheduleExpression: 'cron(0 0 ? * 1 *)' }, midnight('2018-04-15'), endOf('2018-04-15')],
    [{ ScheduleExpression: 'cron(0 0 ? * L *)' }, midnight('2018-04-14'), endOf('2018-04-14')],
    [{ ScheduleExpression: 'cron(0 8 ? * 6L *)' }, '2018-04-27T08:00:00.000Z', endOf('2018-04-27')],
    [{ ScheduleExpression: 'cron(0 8 ? 1/3 2#1 *)' }, '2018-07-02T08:00:00.000Z', endOf('2018-07-02')],
    [
      { ScheduleExpression: 'cron(0  16 1 JAN-FEB ? *)', Duration: '8h' },
      '2019-01-01T16:00:00.000Z',
      endOf('2019-01-01'),
    ],
  ])('%j opens at %s and closes at %s', (rules, opens, closes) => {
    expect(wrongInRules(rules)).toBeUndefined();
    expect(shown(rules)).toEqual([opens, closes]);
  });

  test('a schedule expression outweighs AutomaticallyAfterDays, which is calculated from it', () => {
    expect(shown({ AutomaticallyAfterDays: 1, ScheduleExpression: 'rate(2 days)' })?.[0]).toBe(midnight('2018-04-13'));
  });

  test('a rotation that ends when a window opens waits for the next one', () => {
    const opens = Date.parse('2018-05-01T08:00:00.000Z');
    expect(shown({ ScheduleExpression: 'cron(0 8 1 * ? *)' }, opens)?.[0]).toBe('2018-06-01T08:00:00.000Z');
    expect(shown({ ScheduleExpression: 'cron(0 8 1 * ? *)' }, opens - 1)?.[0]).toBe('2018-05-01T08:00:00.000Z');
    expect(shown({ ScheduleExpression: 'rate(4 hours)' }, opens)?.[0]).toBe('2018-05-01T12:00:00.000Z');
  });

  test('rules without a schedule, with an invalid one, or at the end of time have no window', () => {
    expect(windowAfter({}, last)).toBe(null);
    expect(windowAfter({ ScheduleExpression: 'hourly' }, last)).toBe(null);
    for (const ScheduleExpression of ['rate(1 day)', 'cron(0 8 1 * ? *)'])
      expect(windowAfter({ ScheduleExpression }, 864e13), ScheduleExpression).toBe(null);
  });
});

group('wrongInRules', () => {
  const cron = (problem: string, fields: string): [RotationRules, string] => [
    { ScheduleExpression: `cron(${fields})` },
    `ScheduleExpression "cron(${fields})" is invalid: ${problem}`,
  ];
  const rate = (problem: string, text: string): [RotationRules, string] => [
    { ScheduleExpression: text },
    `ScheduleExpression "${text}" is invalid: ${problem}`,
  ];
  const duration = (most: number, Duration: string, rules: RotationRules): [RotationRules, string] => [
    { ...rules, Duration },
    `Duration "${Duration}" must be 1h to ${most}h, so that the window ends before the next UTC day and the next window.`,
  ];
  const fields = 'its fields are invalid. An example is cron(0 8 1 * ? *), the first day of each month at 8:00.';
  const form = 'it must be rate(10 days), rate(4 hours) or cron(0 8 1 * ? *), with your numbers.';
  const days = 'one of the day of month and the day of week must be ?, and the other must not.';
  const six = 'cron needs six fields: minutes, hours, day of month, month, day of week and year.';
  test.each<[RotationRules, problem: string]>([
    [
      { AutomaticallyAfterDays: 1, ScheduleExpression: 'rate(1 day)' },
      'You cannot specify both rotation frequency and schedule expression together.',
    ],
    rate(form, 'hourly'),
    rate(form, 'rate(4 weeks)'),
    rate(form, 'rate(four hours)'),
    rate('a rate in hours must be 4 to 23. Use days for longer ones.', 'rate(3 hours)'),
    rate('a rate in hours must be 4 to 23. Use days for longer ones.', 'rate(24 hours)'),
    rate('a rate in days must be 1 to 999.', 'rate(0 days)'),
    rate('a rate in days must be 1 to 999.', 'rate(1000 days)'),
    cron(six, '0 8 1 * ?'),
    cron(six, ''),
    cron('the minutes must be 0, because a window opens on the hour.', '5 8 1 * ? *'),
    cron('the year must be *.', '0 8 1 * ? 2030'),
    cron(days, '0 8 1 * 2 *'),
    cron(days, '0 8 1 * * *'),
    cron(days, '0 8 ? * ? *'),
    cron(fields, '0 25 * * ? *'),
    cron(fields, '0 8 32 * ? *'),
    cron(fields, '0 x * * ? *'),
    cron(fields, '0 ? 1 * ? *'),
    cron(fields, '0 8 1 ? ? *'),
    cron(fields, '0 8 ? * 8 *'),
    cron(fields, '0 8 ? * 2,5-8 *'),
    cron('it never matches a day. Choose a day that exists.', '0 8 31 2 ? *'),
    cron('its windows must open at least 4 hours apart.', '0 * * * ? *'),
    cron('its windows must open at least 4 hours apart.', '0 1,22 * * ? *'),
    duration(24, '0h', { AutomaticallyAfterDays: 1 }),
    duration(24, '25h', { ScheduleExpression: 'rate(1 day)' }),
    duration(4, '5h', { ScheduleExpression: 'rate(4 hours)' }),
    duration(16, '17h', { ScheduleExpression: 'cron(0 8 1 * ? *)' }),
    duration(6, '7h', { ScheduleExpression: 'cron(0 0/6 * * ? *)' }),
    duration(2, '3h', { ScheduleExpression: 'cron(0 4,22 * * ? *)' }),
  ])('refuses %j', (rules, problem) => {
    expect(wrongInRules(rules)).toBe(problem);
  });

  test('accepts the limits', () => {
    for (const text of [
      'rate(4 hours)',
      'rate(23 hours)',
      'rate(999 days)',
      'cron(0 0/4 * * ? *)',
      'cron(0 2,22 ? * 2 *)',
    ])
      expect(wrongInRules({ ScheduleExpression: text, Duration: '1h' }), text).toBeUndefined();
    expect(wrongInRules({ AutomaticallyAfterDays: 1000, Duration: '24h' })).toBeUndefined();
    expect(wrongInRules({ Duration: '2h' })).toBeUndefined();
  });
});

test('daysBetween counts days, and at least one', () => {
  const between = (ScheduleExpression: string) => {
    const window = windowAfter({ ScheduleExpression }, last);
    return window && daysBetween(last, window);
  };
  expect(between('rate(10 days)')).toBe(10);
  expect(between('rate(4 hours)')).toBe(1);
  expect(between('cron(0 8 1 * ? *)')).toBe(20);
});

group('a window', () => {
  const time = fc.integer({ min: 0, max: Date.parse('2100-01-01') });
  const hours = fc.integer({ min: 0, max: 23 });
  const rules: fc.Arbitrary<RotationRules> = fc.oneof(
    fc.record({ AutomaticallyAfterDays: fc.integer({ min: 1, max: 1000 }) }),
    fc.integer({ min: 1, max: 999 }).map((count) => ({ ScheduleExpression: `rate(${count} days)` })),
    fc.integer({ min: 4, max: 23 }).map((count) => ({ ScheduleExpression: `rate(${count} hours)` })),
    fc
      .tuple(hours, fc.constantFrom('* * ?', '1/3 * ?', '? * 2-6', '? 1/2 7', 'L * ?'))
      .map(([at, days]) => ({ ScheduleExpression: `cron(0 ${at} ${days} *)` })),
    fc
      .integer({ min: 4, max: 11 })
      .map((each) => ({ ScheduleExpression: `cron(0 ${24 % each ? '3' : `0/${each}`} * * ? *)` })),
  );

  property([rules, time, fc.option(fc.integer({ min: 1, max: 24 }))])(
    'is after the last rotation, starts on the hour, and lies within a UTC day',
    (schedule, after, length) => {
      const chosen = { ...schedule, ...(length && { Duration: `${length}h` }) };
      fc.pre(wrongInRules(chosen) === undefined);
      const window = windowAfter(chosen, after);
      if (!window) return expect.fail('There is no window.');
      expect(window.opens).toBeGreaterThan(after);
      expect(window.opens % hour).toBe(0);
      expect(window.closes).toBeGreaterThan(window.opens);
      expect(Math.floor(window.closes / day)).toBe(Math.floor(window.opens / day));
      expect(windowAfter(chosen, window.opens)?.opens).toBeGreaterThan(window.closes);
      return undefined;
    },
  );

  const days = fc.record({
    hours: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1 }).map((list) => list.map((each) => each * 4)),
    months: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  });
  property([days, time], { numRuns: runs(30) })(
    'of a cron expression opens at the first hour that fits',
    (fits, after) => {
      const ScheduleExpression = `cron(0 ${fits.hours} ? ${fits.months} ${fits.weekdays} *)`;
      const isFit = (opens: number) => {
        const date = new Date(opens);
        return (
          fits.hours.includes(date.getUTCHours()) &&
          fits.months.includes(date.getUTCMonth() + 1) &&
          fits.weekdays.includes(date.getUTCDay() + 1)
        );
      };
      let expected = after - (after % hour) + hour;
      while (!isFit(expected)) expected += hour;
      expect(windowAfter({ ScheduleExpression }, after)?.opens).toBe(expected);
    },
  );
});
