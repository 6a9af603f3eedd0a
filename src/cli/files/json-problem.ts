import { type JSONVisitor, printParseErrorCode, visit } from 'jsonc-parser';
import { parseJson } from '../../json.ts';
import { quote } from '../../text.ts';

/**
 * The place where a text stops being JSON, and what is expected there: `line 3, column 2: expected a comma`. It shows nothing of the
 * text, which may contain a secret value. `firstLine` is the line of the file that the text begins on.
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
  // A text that is wrong at its first character was not meant as JSON.
  return problem === undefined || /column 1:/.test(problem)
    ? line.expected
    : `The line is not JSON (${problem.replace(/^line \d+, /, '')})`;
}

/** The place where a JSON object repeats a name. JSON.parse would keep only the last value. */
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

/** Ends the visit: further errors only follow from the first. */
class Found extends Error {}

const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'unexpected word or character',
  InvalidNumberFormat: 'invalid number',
  PropertyNameExpected: 'expected a name in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected a colon',
  CommaExpected: 'expected a comma',
  CloseBraceExpected: 'expected a closing brace',
  CloseBracketExpected: 'expected a closing bracket',
  EndOfFileExpected: 'unexpected text after the end of the JSON value',
  InvalidCommentToken: 'comments are not allowed in JSON',
  UnexpectedEndOfComment: 'comments are not allowed in JSON',
  UnexpectedEndOfString: 'expected a closing double quote',
  UnexpectedEndOfNumber: 'expected a digit',
  InvalidUnicode: 'expected four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'invalid escape sequence',
  InvalidCharacter: 'control characters must be escaped',
};
