import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { llmsText } from './llms.ts';

test('dist/llms.txt is the page of the present sources and manuals', () => {
  expect(readFileSync('dist/llms.txt', 'utf8')).toBe(llmsText());
});
