import fc from 'fast-check';

// A property's name ends in its seed, and a mutation run knows a test again by its name alone.
fc.configureGlobal({ seed: 20_261_124 });
