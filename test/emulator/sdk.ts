import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';
import { type Logger, LogLevel } from '@huaweicloud/huaweicloud-sdk-core/logger/index.js';

const nothing = () => {};
const quiet: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};

export const credentialsOf = (access: string, secret: string): BasicCredentials =>
  new BasicCredentials().withAk(access).withSk(secret).withProjectId('p');

/** The official client, as its ClientBuilder makes it, but without its log, which would show every refusal. */
export const clientAt = (url: string, credentials: BasicCredentials) => {
  const client = new HcClient(new DefaultHttpClient({ logger: quiet }, [url]))
    .withCredential(credentials)
    .withEndpoints([url]);
  return async (method: string, path: string, data?: object, queryParams = {}, pathParams = {}): Promise<unknown> =>
    client
      .sendRequest({
        method,
        url: `/v1/{project_id}${path}`,
        contentType: 'application/json',
        headers: { 'content-type': 'application/json' },
        queryParams,
        pathParams,
        ...(data ? { data } : {}),
      })
      .catch(({ httpStatusCode, errorCode, errorMsg, requestId }) => ({
        httpStatusCode,
        errorCode,
        errorMsg,
        requestId,
      }));
};
