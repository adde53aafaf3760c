import { createHash } from 'node:crypto';
import { htmlResponse } from '../../../codec/http-response.ts';
import { html, inlineCode } from '../../../console/html.ts';
import { answer, type Reply } from '../slack/reply.ts';

/** A table of a page: its heading, its columns, and rows of as many texts. */
export interface Table {
  readonly heading: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1d2330; background: #fff; }
  h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin-top: 1.6rem; }
  table { border-collapse: collapse; } th, td { text-align: left; padding: .3rem .8rem .3rem 0;
  border-bottom: 1px solid #d8dce4; vertical-align: top; } td { font-variant-numeric: tabular-nums; }
  @media (prefers-color-scheme: dark) { body { color: #e6e9f0; background: #14171f; } }
`;

/** A page of tables for whoever wants to see what a sandbox holds; it renews itself. */
export function overviewReply(title: string, tables: readonly Table[]): Reply {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="3" />
        <title>${title}</title>
        ${inlineCode('style', STYLE)}
      </head>
      <body>
        <h1>${title}</h1>
        ${tables.map(
          ({ heading, columns, rows }) =>
            html`<section>
              <h2>${heading}</h2>
              <table>
                <thead>
                  <tr>
                    ${columns.map((column) => html`<th scope="col">${column}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${rows.map(
                    (row) =>
                      html`<tr>
                        ${row.map((cell) => html`<td>${cell}</td>`)}
                      </tr>`,
                  )}
                </tbody>
              </table>
            </section>`,
        )}
      </body>
    </html>`;
  const digest = createHash('sha256').update(STYLE).digest('base64');
  return answer(
    htmlResponse(200, { html: page.text, scriptSources: [], styleSources: [`'sha256-${digest}'`] }),
  );
}
