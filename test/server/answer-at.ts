import type { WireRequest, WireResponse } from '../../src/emulator/index.ts';

/** Sends a request of a test to a server of AWS Secrets Manager. */
export const answerAt = async (url: string, { method, headers, body }: WireRequest): Promise<WireResponse> => {
  const named = Object.fromEntries(
    ['x-amz-target', 'authorization'].map((name) => [name, `${headers.get(name)}`] as const),
  );
  const response = await fetch(url, { method, headers: named, body: `${body}` });
  return { status: response.status, headers: {}, body: await response.text() };
};
