// @ts-check
// A program of startup.js: serves an emulator, and makes one call over HTTP. The client is that of `node:http`, because loading `fetch`
// takes longer than the answer.
import { request } from 'node:http';
import process from 'node:process';
import { createCsmsEmulator } from 'secret-stages/emulator';
import { serve } from 'secret-stages/server';

const { url, close } = await serve(createCsmsEmulator());
const headers = { 'x-auth-token': 'any' };
const call = request(`${url}/v1/my-project/secrets`, { method: 'POST', headers }, (response) => {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (part) => {
    text += part;
  });
  response.on('end', () => {
    if (!text.includes('"name":"db"')) process.exitCode = 1;
    close();
  });
});
call.end('{"name":"db","secret_string":"hunter2"}');
