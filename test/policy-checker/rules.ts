import { defineRule } from 'secret-stages/policy';

export default [
  defineRule({
    id: 'fresh-current',
    title: 'The current version is recent.',
    why: 'Our auditors require a new password every quarter.',
    advice: 'Rotate the secret.',
    severity: 'error',
    thresholds: { days: 90 },
    find: ({ current, ageOf }, { days }) => {
      const age = current === undefined ? undefined : ageOf(current);
      if (age === undefined || age <= days * 86_400_000) return [];
      return [{ sentence: `Current version "${current}" is more than ${days} days old.`, versionId: current }];
    },
  }),
];
