import { memoryStore } from 'secret-stages/emulator';
import { storeContract } from 'secret-stages/testing';
import { test } from 'vitest';

test.each(storeContract)('$sentence', async ({ check }) => {
  const store = memoryStore();
  await check(() => store);
});
