import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { readAwsError } from '../../codec/aws-error.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { FallbackPager } from '../../ports/pager.ts';
import { snsMessage } from './message.ts';

/**
 * The second channel: one message to a topic, on which people subscribe phones and mailboxes. It
 * shares neither vendor nor network path with the first.
 *
 * SNS has no key to deduplicate on, and the client tries again after a network error: in the worst
 * case a message comes twice rather than not at all. Failures: `not_found` (no such topic),
 * `rejected`, `throttled`, `timeout`, `unavailable`.
 */
export function createSnsFallbackPager({
  topicArn,
  client,
}: {
  readonly topicArn: string;
  readonly client: SNSClient;
}): FallbackPager {
  return {
    async send(message, timeoutMs) {
      const { subject, text } = snsMessage(message);
      const publish = new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text });
      try {
        await client.send(publish, { abortSignal: AbortSignal.timeout(timeoutMs) });
        return ok(undefined);
      } catch (cause) {
        const { kind, name, message: said } = readAwsError(cause);
        return err({ kind, message: `SNS did not take the message: ${name}: ${said}`, cause });
      }
    },
  };
}
