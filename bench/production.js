// @ts-check
import process from 'node:process';

// immer and mutative read this when they load. Their development builds do more checks.
process.env['NODE_ENV'] = 'production';
