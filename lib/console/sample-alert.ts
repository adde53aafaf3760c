import { html, type Html } from './html.ts';

/** A delivery as Alertmanager sends it, with what Tocsin reads of it. */
const sample = {
  version: '4',
  groupKey: 'sample:CheckoutDown',
  alerts: [
    {
      status: 'firing',
      labels: {
        alertname: 'CheckoutDown',
        service: 'checkout',
        severity: 'critical',
        environment: 'production',
      },
      annotations: { summary: 'The checkout answers no request.' },
      startsAt: 'NOW',
    },
  ],
};

/** The alert begins when the command runs: the shell puts the time in. */
const now = `'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'`;

/** A command that raises a sample incident, but for the token, which no page may show. */
export const sampleCommand = (baseUrl: string): string =>
  [
    `curl -X POST ${baseUrl}/v1/alerts/alertmanager`,
    `-H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json"`,
    `-d '${JSON.stringify(sample).replace('NOW', now)}'`,
  ].join(' ');

/** For who sees an empty list for the first time. */
export const howToRaise = (baseUrl: string): Html =>
  html`<p>
      To see one, send a sample alert. <code>npm start</code> prints this command with its token
      filled in; elsewhere, put the token of an Alertmanager source in <code>TOKEN</code>:
    </p>
    <pre><code class="copy">${sampleCommand(baseUrl)}</code></pre>`;
