import { createDynamoDbChatRows } from '../adapters/dynamodb/chat-rows.ts';
import { createSlackChat } from '../adapters/slack/chat.ts';
import type { AnnounceDeps } from '../app/announce/deps.ts';
import { onCallIn } from '../app/announce/on-call.ts';
import { createSlackRenderer } from '../codec/slack/renderer.ts';
import { wireBlobs } from './blobs.ts';
import { wireCore } from './core.ts';
import { addressOr } from './environment.ts';
import { ownHosts, wireConsoleUrl } from './links.ts';
import { wirePagerRest } from './pager-rest.ts';
import { wireSecrets } from './secrets.ts';

/** The function that shows incidents in Slack. */
export function wireAnnounce(variables = process.env): AnnounceDeps {
  const core = wireCore(variables);
  const secrets = wireSecrets(variables, core.log);
  const apiUrl = addressOr(variables, 'SLACK_API_URL', 'https://slack.com/api');
  return {
    ...core,
    blobs: wireBlobs(variables, core.log),
    chat: createSlackChat({ apiUrl: `${apiUrl}/`, secrets }),
    rows: createDynamoDbChatRows(core.table),
    renderer: createSlackRenderer(ownHosts(variables)),
    consoleUrl: wireConsoleUrl(variables, secrets, core.clock),
    onCall: onCallIn(core, wirePagerRest(variables, secrets, core.log)),
  };
}
