import { createHash } from 'node:crypto';
import { htmlResponse, textResponse } from '../../../../codec/http-response.ts';
import { headerOf, type Call } from '../call.ts';
import type { Office } from '../office.ts';
import { answer, type Reply } from '../reply.ts';
import { renderNoWorkspace, renderPage } from './page.ts';
import { visibleChannels, type Scene } from './scene.ts';

/**
 * The page for a browser. The address says who looks (`as`) and at what (`workspace`, `channel`,
 * `thread`); what it leaves out, or what is not there, is the first there is. A reader who shows
 * just this is told so with 304.
 */
export function viewReply(
  call: Call,
  { offices, path }: { readonly offices: readonly Office[]; readonly path: string },
): Reply {
  const scene = sceneOf(call.query, offices, path);
  if (scene === undefined) return answer(htmlResponse(200, renderNoWorkspace()));
  const tag = tagOf(scene);
  return headerOf(call, 'if-none-match') === `"${tag}"`
    ? answer(textResponse(304, '', { etag: `"${tag}"` }))
    : answer(htmlResponse(200, renderPage(scene, offices, tag), { etag: `"${tag}"` }));
}

function sceneOf(
  query: URLSearchParams,
  offices: readonly Office[],
  path: string,
): Scene | undefined {
  const wanted = (name: string): string => query.get(name) ?? '';
  const office =
    offices.find(({ workspace }) => workspace.settings.teamId === wanted('workspace')) ??
    offices[0];
  const user = office?.workspace.user(wanted('as')) ?? office?.workspace.settings.users[0];
  if (office === undefined || user === undefined) return undefined;
  const channels = visibleChannels(office, user);
  const channel = channels.find(({ id }) => id === wanted('channel')) ?? channels[0];
  return { office, user, channel, thread: wanted('thread'), path };
}

/** Changes with everything that the page shows, and between two runs. */
function tagOf({ office, user, channel, thread }: Scene): string {
  const { workspace } = office;
  const shown = [workspace.startedAtMs, workspace.version, user.id, channel?.id, thread];
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url');
}
