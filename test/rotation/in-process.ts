import type { SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import type { createAwsEmulator } from 'secret-stages/emulator';

/** What a request handler of the SDK gets. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Makes a client of the SDK talk to an emulator in this process: pass it as `requestHandler`. */
export function inProcess(
  emulator: ReturnType<typeof createAwsEmulator>,
): NonNullable<SecretsManagerClientConfig['requestHandler']> {
  return {
    handle: async ({ method, path, headers, body = '' }: SdkRequest) => {
      const response = await emulator.fetch(`https://localhost${path}`, { method, headers, body });
      const content = new Uint8Array(await response.arrayBuffer());
      return {
        response: { statusCode: response.status, headers: Object.fromEntries(response.headers), body: content },
      };
    },
  };
}
