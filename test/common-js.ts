import ts from 'typescript';

/**
 * The CommonJS form of an ES module of the build. Only imports and exports change. So the two forms are almost the same text, and the
 * package with both is a tenth smaller than with the CommonJS code of a bundler. It needs what holds for the modules of the build:
 * imports are not circular, no exported variable changes after its module has run, and only modules of Node are imported by default.
 */
export function commonJsOf(code: string): string {
  const source = ts.createSourceFile('module.js', code, ts.ScriptTarget.ES2022);
  if (source.statements.filter(ts.isExportDeclaration).length > 1) unexpected();
  const statements = source.statements.map((statement) => {
    // On a line of its own, because the statement before may have no semicolon.
    if (ts.isImportDeclaration(statement)) return `\n${importOf(statement)}`;
    if (ts.isExportDeclaration(statement)) return `\n${exportOf(statement)}`;
    const text = code.slice(statement.pos, statement.end);
    return /^\s*export\b/.test(text) ? unexpected() : text;
  });
  return `"use strict";${statements.join('')}\n`;
}

function importOf({ importClause, moduleSpecifier }: ts.ImportDeclaration): string {
  const from = textOf(moduleSpecifier);
  if (importClause?.name && !from.startsWith('node:')) throw new Error(`Only modules of Node have a default: ${from}`);
  const required = `require(${JSON.stringify(from)});`;
  const bindings = importClause?.namedBindings;
  const whole = [importClause?.name, bindings && ts.isNamespaceImport(bindings) ? bindings.name : undefined];
  const named = bindings && ts.isNamedImports(bindings) ? [pairsOf(bindings.elements)] : [];
  const targets = [...whole.flatMap((name) => (name ? [name.text] : [])), ...named.map((pairs) => `{${pairs}}`)];
  return targets.length === 0 ? required : targets.map((target) => `const ${target}=${required}`).join('');
}

function exportOf({ exportClause, moduleSpecifier }: ts.ExportDeclaration): string {
  if (moduleSpecifier || !exportClause || !ts.isNamedExports(exportClause)) return unexpected();
  // Node finds the names of exports in this form, for ES modules that import the CommonJS form.
  return `module.exports={${exportClause.elements.map(({ name, propertyName }) => `${name.text}:${(propertyName ?? name).text}`)}};`;
}

const pairsOf = (elements: ts.NodeArray<ts.ImportSpecifier>): string =>
  elements.map(({ name, propertyName }) => `${(propertyName ?? name).text}:${name.text}`).join();

const textOf = (node: ts.Expression): string => (ts.isStringLiteral(node) ? node.text : '');

const unexpected = (): never => {
  throw new Error('A module of the build must export by one list of names: export{a as b};');
};
