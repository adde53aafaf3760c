export interface KubeconfigFacts {
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly token: string;
  readonly namespace: string;
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** A file for `kubectl --kubeconfig`. JSON is YAML, and needs no quoting of ours. */
export function kubeconfig({ server, ca, token, namespace }: KubeconfigFacts): string {
  const name = 'tocsin-sandbox';
  const user = 'sandbox-admin';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user, namespace } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
