// @ts-check
// A program of startup.js: makes an emulator, and one call in process.
import process from 'node:process';
import { createCsmsEmulator } from 'secret-stages/emulator';

const csms = createCsmsEmulator();
const headers = { 'x-auth-token': 'any' };
const body = '{"name":"db","secret_string":"hunter2"}';
const response = await csms.fetch('https://csms.test/v1/my-project/secrets', { method: 'POST', headers, body });
if (!(await response.text()).includes('"name":"db"')) process.exitCode = 1;
