import { type JSONVisitor, printParseErrorCode, visit } from 'jsonc-parser';

/**
 * Where a text stops being JSON, and what is expected there: `line 3, column 2: a comma is expected`. It shows nothing of the text,
 * which may hold a secret value. `firstLine` is the line of the file that the text begins on. Undefined if the place is unknown, as in a text that is nested too deep.
 */
export function jsonProblem(text: string, firstLine = 1): string | undefined {
  const stop: JSONVisitor['onError'] = (code, _offset, _length, line, column) => {
    throw new Found(`line ${firstLine + line}, column ${column + 1}: ${sentences[printParseErrorCode(code)]}`);
  };
  try {
    visit(text, { onError: stop }, { disallowComments: true });
  } catch (error) {
    if (error instanceof Found) return error.message;
  }
  return undefined;
}

/** Ends the visit at the first error, because the others only follow from it. */
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
