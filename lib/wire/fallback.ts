import { SNSClient } from '@aws-sdk/client-sns';
import { clientSettings } from '../adapters/dynamodb/limits.ts';
import { createSnsFallbackPager } from '../adapters/sns/fallback-pager.ts';
import type { FallbackPager } from '../ports/pager.ts';
import { required, type Variables } from './environment.ts';

/** The second channel: an SNS topic, on which the operators subscribe phones and mailboxes. */
export const wireFallback = (variables: Variables): FallbackPager =>
  createSnsFallbackPager({
    client: new SNSClient(clientSettings),
    topicArn: required(variables, 'TOCSIN_FALLBACK_TOPIC_ARN'),
  });
