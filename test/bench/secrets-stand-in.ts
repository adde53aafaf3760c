import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Secrets Manager with fixed values, for functions that run without a Tocsin around them. */
export interface SecretsStandIn {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function startSecretsStandIn(
  values: Readonly<Record<string, object>>,
): Promise<SecretsStandIn> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      // Asked by the SDK's client.
      const { SecretId, VersionStage } = JSON.parse(body) as Readonly<Record<string, string>>;
      const value = VersionStage === 'AWSCURRENT' ? values[SecretId ?? ''] : undefined;
      response.writeHead(value === undefined ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.1',
      });
      response.end(
        JSON.stringify(
          value === undefined
            ? { __type: 'ResourceNotFoundException', Message: 'There is no such version.' }
            : {
                Name: SecretId,
                SecretString: JSON.stringify(value),
                VersionStages: [VersionStage],
              },
        ),
      );
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
