import { expect, test } from 'vitest';
import { commonJsOf } from './common-js.ts';

test.each([
  ['import"./a.js";', '\nrequire("./a.js");'],
  ['import{a as b,c}from"./a.js";', '\nconst {a:b,c:c}=require("./a.js");'],
  ['import*as a from"node:fs";', '\nconst a=require("node:fs");'],
  ['import a,{b}from"node:fs";', '\nconst a=require("node:fs");const {b:b}=require("node:fs");'],
  ['const a=1;export{a as b,a};', 'const a=1;\nmodule.exports={b:a,a:a};'],
  ['const a=\'import{b}from"./b.js"\';export{a};', 'const a=\'import{b}from"./b.js"\';\nmodule.exports={a:a};'],
  ['const a=1\nexport{a}', 'const a=1\nmodule.exports={a:a};'],
  ['const load=()=>import("libsql");', 'const load=()=>import("libsql");'],
])('commonJsOf turns %s into %s', (code, expected) => {
  expect(commonJsOf(code)).toBe(`"use strict";${expected}\n`);
});

test.each([
  'export*from"./a.js";',
  'export{a}from"./a.js";',
  'export const a=1;',
  'export default 1;',
  'export{a};export{b};',
])('commonJsOf refuses %s', (code) => {
  expect(() => commonJsOf(code)).toThrow('must export by one list of names');
});

test('commonJsOf refuses a default import of another module than one of Node', () => {
  expect(() => commonJsOf('import a from"./a.js";')).toThrow('Only modules of Node have a default: ./a.js');
});
