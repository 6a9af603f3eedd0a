import { dirname, join } from 'node:path';
import ts from 'typescript';
import packageJson from '../../package.json';

/** What users import, and the source file that exports it. */
export const entryFiles: ReadonlyMap<string, string> = new Map(
  Object.keys(packageJson.exports).flatMap((path) => {
    const [, folder] = /^\.(\/\w+)?$/.exec(path) ?? [];
    if (path !== '.' && folder === undefined) return [];
    return [[`secret-stages${folder ?? ''}`, `src${folder ?? ''}/index.ts`] as const];
  }),
);

/** An exported name, as its source declares it. */
export interface PublicName {
  readonly name: string;
  /** Its declarations: several for a function with overloads, without the implementation. */
  readonly declarations: readonly ts.Declaration[];
  /** Its doc comment without tags. Links are names in backquotes. */
  readonly doc: string;
}

/** The exported names of each entry, in the order of the source. */
export function publicNames(): ReadonlyMap<string, readonly PublicName[]> {
  const program = programOf([...entryFiles.values()]);
  const checker = program.getTypeChecker();
  const namesOf = (file: string): readonly PublicName[] => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} is not a module.`);
    return checker.getExportsOfModule(module).map((symbol) => {
      const { name } = symbol;
      const { declarations = [] } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const overloads = declarations.filter((one) => !ts.isFunctionDeclaration(one) || !one.body);
      const [first] = declarations;
      return { name, declarations: overloads.length > 0 ? overloads : declarations, doc: first ? docOf(first) : '' };
    });
  };
  return new Map([...entryFiles].map(([entry, file]) => [entry, namesOf(file)]));
}

/** Parses the sources alone. The types of Node, of the language and of other packages would take most of the time. */
function programOf(files: readonly string[]): ts.Program {
  const options: ts.CompilerOptions = {
    noLib: true,
    types: [],
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2022,
  };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) => {
      if (!text.startsWith('.')) return { resolvedModule: undefined };
      return { resolvedModule: { resolvedFileName: join(dirname(from), text), extension: ts.Extension.Ts } };
    });
  return ts.createProgram(files, options, host);
}

/** The doc comment of a declaration without its tags. */
function docOf(declaration: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(declaration).filter((part) => ts.isJSDoc(part));
  const text = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join('\n');
  return text.replaceAll(/\{@link (\S+?) ?\}/g, '`$1`');
}

/** The first sentence of a doc comment, in one line; empty if its first paragraph is not a sentence. */
export function firstSentence(doc: string): string {
  const [paragraph = ''] = doc.trim().split('\n\n');
  return /^.*?\.(?= |$)/.exec(paragraph.replaceAll(/\s+/g, ' '))?.[0] ?? '';
}
