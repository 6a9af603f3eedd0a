import fc from 'fast-check';

// For mutation runs alone. A property's name ends in its seed, and a test is known again by its name; and what a mutant
// does wrong shows in few histories.
fc.configureGlobal({ seed: 20_261_124, numRuns: 50 });
