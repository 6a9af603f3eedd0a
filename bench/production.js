// @ts-check
import process from 'node:process';

// immer and mutative read this when they load: their development builds check more and are not what anybody ships.
process.env['NODE_ENV'] = 'production';
