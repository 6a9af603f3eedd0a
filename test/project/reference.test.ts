import { resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { entryFiles, firstSentence } from './api.ts';

/** How many characters an editor may show for a name. */
const longest = 400;

const service = serviceOf([...entryFiles.values()]);
const program = service.getProgram() ?? expect.fail('There is no program.');
const checker = program.getTypeChecker();

const exported = [...entryFiles].flatMap(([entry, file]) => {
  const source = program.getSourceFile(resolve(file));
  const module = source && checker.getSymbolAtLocation(source);
  return checker.getExportsOfModule(module ?? expect.fail(`${file} is not a module.`)).map((symbol) => {
    const isAlias = symbol.flags & ts.SymbolFlags.Alias;
    return { entry, name: symbol.name, symbol: isAlias ? checker.getAliasedSymbol(symbol) : symbol };
  });
});
const functions = exported.filter(({ symbol }) => symbol.flags & ts.SymbolFlags.Function);

test('every exported name has a doc comment that begins with a sentence', () => {
  expect(exported.length).toBeGreaterThan(200);
  const without = exported.filter(({ symbol }) => !/^[A-Z`].+\.$/.test(firstSentence(docOf(symbol))));
  expect(without.map(({ name }) => name)).toEqual([]);
});

test('the doc comment of a function says what it does, in the third person', () => {
  const others = functions.filter(({ symbol }) => !/^[A-Z][a-z]+s\b/.test(docOf(symbol)));
  expect(others.map(({ name }) => name)).toEqual([]);
});

test('every function has an example. A try twin has that of the function that it belongs to', () => {
  const without = functions.filter(({ name, symbol }) => !hasTag(symbol, 'example') && !/^try[A-Z]/.test(name));
  expect(without.map(({ name }) => name)).toEqual([]);
});

test('every function with a try twin says what it throws', () => {
  const twins = new Set(functions.map(({ name }) => name.toLowerCase()));
  const throwing = functions.filter(({ name }) => twins.has(`try${name.toLowerCase()}`));
  expect(throwing.length).toBe(11);
  expect(throwing.filter(({ symbol }) => !hasTag(symbol, 'throws')).map(({ name }) => name)).toEqual([]);
});

test('every field and method of an interface or a class has a doc comment', () => {
  const types = exported.filter(({ symbol }) => symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class));
  const fields = types.flatMap(({ name, symbol }) => fieldsOf(symbol).map((field) => ({ name, field })));
  expect(fields.length).toBeGreaterThan(300);
  const without = fields.filter(({ field }) => docOf(field) === '');
  expect(without.map(({ name, field }) => `${name}.${field.name}`)).toEqual([]);
});

test('every field and parameter that is a time or a duration has its unit in a doc comment', () => {
  const timed = exported.flatMap(({ name, symbol }) => timesIn(symbol).map((time) => ({ ...time, name })));
  expect(timed.length).toBeGreaterThan(50);
  const without = timed.filter(({ doc }) => !/\b((milli)?seconds?|hours|days|minutes)\b/i.test(doc));
  expect(without.map(({ name, field }) => `${name}.${field}`)).toEqual([]);
});

test(`an editor shows at most ${longest} characters for every exported name`, () => {
  const long = exported.flatMap(({ name, symbol }) => {
    const { fileName, pos } = placeOf(symbol);
    const shown = ts.displayPartsToString(service.getQuickInfoAtPosition(fileName, pos)?.displayParts);
    expect(shown).toContain(name);
    return shown.length > longest ? [`${shown.length} characters for ${name}. Give a part of it a name: ${shown}`] : [];
  });
  expect(long).toEqual([]);
});

function serviceOf(files: readonly string[]): ts.LanguageService {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, '.');
  return ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => true,
    getCompilationSettings: () => options,
    getScriptFileNames: () => files.map((file) => resolve(file)),
    getScriptVersion: () => '1',
    getScriptSnapshot: (file) => {
      const text = ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
}

/** Where the name of a symbol is declared. */
function placeOf({ declarations: [declaration] = [], name }: ts.Symbol) {
  const { fileName, text } = declaration?.getSourceFile() ?? expect.fail(`${name} has no declaration.`);
  return { fileName, pos: text.indexOf(name, declaration?.getStart()) };
}

/** The doc comment without its tags. A field without one has that of the same field of an interface that is extended. */
function docOf(symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker));
}

function hasTag(symbol: ts.Symbol, name: string): boolean {
  return symbol.getJsDocTags(checker).some((tag) => tag.name === name);
}

/** The fields and methods of a type that this project declares, with those that it inherits from other types of the project. */
function fieldsOf(symbol: ts.Symbol): readonly ts.Symbol[] {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const parts = type.isUnion() ? type.types : [type];
  return parts.flatMap((part) => checker.getPropertiesOfType(part)).filter(isOurs);
}

function isOurs({ declarations = [] }: ts.Symbol): boolean {
  const ours = resolve('src');
  return declarations.some((one) => one.getSourceFile().fileName.startsWith(ours) && !isOverride(one));
}

/** `name` of an error overrides that of `Error`. */
function isOverride(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Override) !== 0;
}

const timeName =
  /^(at|now|time|from|since|until|clock|timeout|requestTimeout|milliseconds|days|roomAt)$|(Time|Times|Before|Days|Hours)$/;

/** The fields or parameters that hold a time, each with the doc comments that can have its unit. */
function timesIn(symbol: ts.Symbol): readonly { readonly field: string; readonly doc: string }[] {
  const whole = docOf(symbol);
  const timesOf = (fields: readonly ts.Symbol[], doc: string): ReturnType<typeof timesIn> =>
    fields.flatMap((field) => {
      const type = checker.getTypeOfSymbol(field);
      const docs = `${doc}\n${docOf(field)}`;
      const isTime = timeName.test(field.name) && /\bnumber\b/.test(checker.typeToString(type));
      // The fields of an object type that has no name: they are documented here or nowhere.
      const inner =
        type.symbol?.name === '__type' ? timesOf(checker.getPropertiesOfType(type).filter(isOurs), docs) : [];
      return [...(isTime ? [{ field: field.name, doc: docs }] : []), ...inner];
    });
  if (symbol.flags & ts.SymbolFlags.Function) {
    const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures();
    return timesOf(
      signatures.flatMap((signature) => signature.getParameters()),
      whole,
    );
  }
  return symbol.flags & ts.SymbolFlags.Type ? timesOf(fieldsOf(symbol), whole) : [];
}
