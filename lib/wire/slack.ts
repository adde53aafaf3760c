import { createDynamoDbActionRows } from '../adapters/dynamodb/action-rows.ts';
import { createDynamoDbChatRows } from '../adapters/dynamodb/chat-rows.ts';
import { createSlackChat } from '../adapters/slack/chat.ts';
import { createGate } from '../app/concurrency.ts';
import type { SlackDeps } from '../app/slack/deps.ts';
import { createReplyRenderer } from '../codec/slack/reply.ts';
import { decodeSlackCommand, decodeSlackInteraction } from '../codec/slack/request.ts';
import { verifySlackRequest } from '../codec/slack/signature.ts';
import { wireBlobs } from './blobs.ts';
import { wireCore } from './core.ts';
import { addressOr } from './environment.ts';
import { ownHosts, wireConsoleUrl } from './links.ts';
import { wirePagerRest } from './pager-rest.ts';
import { wireSecrets } from './secrets.ts';

/** The function that takes what people do in Slack. */
export function wireSlack(variables = process.env): SlackDeps {
  const core = wireCore(variables);
  const secrets = wireSecrets(variables, core.log);
  const apiUrl = addressOr(variables, 'SLACK_API_URL', 'https://slack.com/api');
  return {
    ...core,
    secrets,
    blobs: wireBlobs(variables, core.log),
    chat: createSlackChat({ apiUrl: `${apiUrl}/`, secrets }),
    chatRows: createDynamoDbChatRows(core.table),
    actionRows: createDynamoDbActionRows(core.table),
    pagerRest: wirePagerRest(variables, secrets, core.log),
    consoleUrl: wireConsoleUrl(variables, secrets, core.clock),
    verify: verifySlackRequest,
    decoders: { commands: decodeSlackCommand, interactions: decodeSlackInteraction },
    inTurn: createGate(4),
    render: createReplyRenderer(ownHosts(variables)),
  };
}
