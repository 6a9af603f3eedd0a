import { expect, describe as group, test } from 'vitest';
import { bytesOf, decoded, parametersOf, pathOf } from '../../src/api/http.ts';

/** A stream that gives these chunks and then stays open, and whether it was cancelled. */
const open = (...chunks: readonly unknown[]) => {
  const seen = { isCancelled: false };
  const stream = new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
    },
    cancel: () => {
      seen.isCancelled = true;
    },
  });
  return { stream, seen };
};

const some = new Uint8Array([1, 2, 3]);

group('bytesOf', () => {
  test('throws the reason of a signal that aborts after some bytes, and cancels the stream', async () => {
    const { stream, seen } = open(some);
    const abort = new AbortController();
    const bytes = bytesOf(stream, 10, abort.signal);
    setTimeout(() => abort.abort('enough'), 5);
    await expect(bytes).rejects.toBe('enough');
    expect(seen.isCancelled).toBe(true);
  });

  test('throws the reason of a signal that is already aborted, and reads nothing', async () => {
    const { stream, seen } = open(some);
    await expect(bytesOf(stream, 10, AbortSignal.abort('too late'))).rejects.toBe('too late');
    expect(seen.isCancelled).toBe(true);
  });

  test('refuses a view of a buffer that is not a Uint8Array', async () => {
    for (const view of [new DataView(new ArrayBuffer(8)), new Uint16Array(4)]) {
      const { stream, seen } = open(view);
      await expect(bytesOf(stream, 100)).rejects.toThrow('A body must consist of bytes.');
      expect(seen.isCancelled).toBe(true);
    }
  });

  test('cancels a stream with a chunk that is not bytes', async () => {
    const { stream, seen } = open(some, 'text');
    await expect(bytesOf(stream, 10)).rejects.toThrow(new TypeError('A body must consist of bytes.'));
    expect(seen.isCancelled).toBe(true);
  });

  test.each([
    ['is whole', new Response(some).body],
    ['is too long', new Response(new Uint8Array(11)).body],
    ['is not bytes', open('text').stream],
  ])('leaves no listener on the signal when a stream %s', async (_, stream) => {
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    signal.addEventListener = (_type: string, listener: unknown) => listeners.add(listener);
    signal.removeEventListener = (_type: string, listener: unknown) => listeners.delete(listener);
    if (stream) await bytesOf(stream, 10, signal).catch(() => undefined);
    expect(listeners).toEqual(new Set());
  });
});

test('a plus in a query is a plus', () => {
  expect(parametersOf('a=b+c&a=b%20c&a=b%2Bc&d')).toEqual([
    ['a', 'b+c'],
    ['a', 'b c'],
    ['a', 'b+c'],
    ['d', ''],
  ]);
});

test('a path has no slash at its end', () => {
  expect(['/a/b/?c/', '/a/b', '/a//', '/', ''].map(pathOf)).toEqual(['/a/b', '/a/b', '/a//', '/', '']);
});

test('a part of a path with invalid percent-encoding keeps its ASCII characters', () => {
  expect(['%C3%A9%20%', '%C3%A9%20', '%ED%A0%80%F0%9F%98%80', '%c3%a9%2'].map(decoded)).toEqual([
    'é%20%',
    'é ',
    '%ED%A0%80😀',
    'é%2',
  ]);
});
