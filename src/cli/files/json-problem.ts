import { type JSONVisitor, printParseErrorCode, visit } from 'jsonc-parser';
import { parseJson } from '../../json.ts';
import { quote } from '../../text.ts';

/**
 * Where a text stops being JSON, and what is expected there: `line 3, column 2: a comma is expected`. It shows nothing of the text,
 * which may hold a secret value. `firstLine` is the line of the file that the text begins on.
 */
export function jsonProblem(text: string, firstLine = 1): string | undefined {
  return firstFound(text, {
    onError: (code, _offset, _length, line, column) => {
      throw new Found(`line ${firstLine + line}, column ${column + 1}: ${sentences[printParseErrorCode(code)]}`);
    },
  });
}

/** What is wrong with a line that cannot be played. If it is not JSON, where it stops being JSON. */
export function expectedOn(line: { readonly line: number; readonly expected: string }, text: string): string {
  const problem = parseJson(text.trim()) === undefined ? jsonProblem(text, line.line) : undefined;
  // A text that is wrong from its first character on was not meant as JSON.
  return problem === undefined || /column 1:/.test(problem)
    ? line.expected
    : `The line is not JSON (${problem.replace(/^line \d+, /, '')})`;
}

/** Where an object in JSON has a name for the second time. JSON.parse would take the last value, and lose the others. */
export function repeatedName(text: string): string | undefined {
  const names: Set<string>[] = [];
  return firstFound(text, {
    onObjectBegin: () => void names.push(new Set()),
    onObjectEnd: () => void names.pop(),
    onObjectProperty: (name, _offset, _length, line, column) => {
      if (names.at(-1)?.has(name))
        throw new Found(`line ${line + 1}, column ${column + 1}: ${quote(name)} appears twice`);
      names.at(-1)?.add(name);
    },
  });
}

function firstFound(text: string, visitor: JSONVisitor): string | undefined {
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (error) {
    if (error instanceof Found) return error.message;
    throw error;
  }
  return undefined;
}

/** Ends the visit. Further errors only follow from the first. */
class Found extends Error {}

const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this word or character is not JSON',
  InvalidNumberFormat: 'this number is not JSON',
  PropertyNameExpected: 'a name in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing brace is expected',
  CloseBracketExpected: 'a closing bracket is expected',
  EndOfFileExpected: 'the end is expected',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'a closing double quote is expected',
  UnexpectedEndOfNumber: 'a digit is expected',
  InvalidUnicode: 'four hexadecimal digits are expected after \\u',
  InvalidEscapeCharacter: 'this escape is not JSON',
  InvalidCharacter: 'a control character must be escaped',
};
