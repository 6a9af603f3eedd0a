import { isUtf8 } from 'node:buffer';
import { UsageError } from '../host.ts';

/**
 * Decodes bytes of a file that begin at a line of it. Bytes that are not UTF-8 are refused: replacing them could make two names equal.
 *
 * @throws {UsageError} that names the first line that is not UTF-8, or not text.
 */
export function decodeText(bytes: Buffer, name: string, firstLine = 1): string {
  if (isSound(bytes)) return bytes.toString();
  let line = firstLine;
  let start = 0;
  for (
    let end = bytes.indexOf('\n');
    end >= 0 && isSound(bytes.subarray(start, end));
    end = bytes.indexOf('\n', start)
  ) {
    start = end + 1;
    line++;
  }
  throw new UsageError(`${name} cannot be read: line ${line} ${faultOf(bytes.subarray(start))}.`);
}

const isSound = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0);

const faultOf = (bytes: Buffer): string => {
  const mark = bytes.subarray(0, 2).toString('hex');
  const zero = bytes.indexOf(0);
  // In UTF-16, every second byte of English text and of the punctuation of JSON is 0.
  const isWide = zero >= 0 && bytes[zero + 1] !== 0 && bytes[zero + 2] === 0;
  if (mark === 'fffe' || mark === 'feff' || isWide) return 'is UTF-16. Save the file as UTF-8';
  return zero >= 0
    ? 'has a NUL byte, so this is not a text file. Pass a JSON file in UTF-8'
    : 'is not valid UTF-8. Save the file as UTF-8';
};
