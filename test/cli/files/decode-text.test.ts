import { expect, test } from 'vitest';
import { decodeText } from '../../../src/cli/files/decode-text.ts';
import { UsageError } from '../../../src/cli/host.ts';

const json = '{"name":\n "dbé"}\n';
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

test('decodeText returns UTF-8 unchanged, with its byte order mark', () => {
  for (const text of ['', json, `\uFEFF${json}`, '\u{1F511}\n\r\n', '\uFFFD']) {
    expect(decodeText(Buffer.from(text), 'x.json')).toBe(text);
  }
});

test.each([
  [
    'UTF-16, little end first, with its mark',
    Buffer.from(`\uFEFF${json}`, 'utf16le'),
    'line 1 is UTF-16. Save the file as UTF-8',
  ],
  ['UTF-16, little end first', Buffer.from(json, 'utf16le'), 'line 1 is UTF-16. Save the file as UTF-8'],
  [
    'UTF-16, little end first, of one character a line',
    Buffer.from('{\n}', 'utf16le'),
    'line 1 is UTF-16. Save the file as UTF-8',
  ],
  ['UTF-16, big end first, with its mark', swapped(`\uFEFF${json}`), 'line 1 is UTF-16. Save the file as UTF-8'],
  ['UTF-16, big end first', swapped(json), 'line 1 is UTF-16. Save the file as UTF-8'],
  ['UTF-16 without English', swapped('\uFEFF密码'), 'line 1 is UTF-16. Save the file as UTF-8'],
  [
    'UTF-16 after UTF-8',
    Buffer.concat([Buffer.from('{}\n'), Buffer.from('{}', 'utf16le')]),
    'line 2 is UTF-16. Save the file as UTF-8',
  ],
  ['Latin-1', Buffer.from(json, 'latin1'), 'line 2 is not valid UTF-8. Save the file as UTF-8'],
  [
    'half a character at the end',
    Buffer.from('\n\n\u{1F511}').subarray(0, 4),
    'line 3 is not valid UTF-8. Save the file as UTF-8',
  ],
  ['a surrogate', Buffer.from('eda080', 'hex'), 'line 1 is not valid UTF-8. Save the file as UTF-8'],
  [
    'a NUL byte',
    Buffer.from('a\nb\0c\n'),
    'line 2 has a NUL byte, so this is not a text file. Pass a JSON file in UTF-8',
  ],
  [
    'a binary file',
    Buffer.from('7f454c460201010000000000', 'hex'),
    'line 1 has a NUL byte, so this is not a text file. Pass a JSON file in UTF-8',
  ],
])('decodeText refuses %s, and names the first such line', (_, bytes, fault) => {
  expect(() => decodeText(bytes, 'x.json')).toThrow(new UsageError(`x.json cannot be read: ${fault}.`));
});

test('decodeText counts lines from the given one', () => {
  expect(() => decodeText(Buffer.from('a\n\xff', 'latin1'), 'x.jsonl', 7)).toThrow('x.jsonl cannot be read: line 8 ');
});
