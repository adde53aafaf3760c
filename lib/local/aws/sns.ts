import { randomUUID } from 'node:crypto';
import type { Timekeeper } from '../shared/timekeeper.ts';
import { queryError, type AwsAnswer } from './answer.ts';
import type { SnsLedger } from './sns-ledger.ts';

export interface SnsDeps {
  readonly topicArns: readonly string[];
  readonly ledger: SnsLedger;
  readonly timekeeper: Timekeeper;
}

/** SNS's limits on a message in bytes and on a subject in characters. */
const MAX_MESSAGE_BYTES = 262_144;
const MAX_SUBJECT_CHARACTERS = 100;

/**
 * `Publish` of the query protocol, to a topic of the template or to a phone number. The message is in
 * the ledger before the answer; nobody is reached from here.
 */
export function createSns({ topicArns, ledger, timekeeper }: SnsDeps) {
  return (form: URLSearchParams): AwsAnswer => {
    const problem = problemOf(form, topicArns);
    if (problem !== undefined) return problem;
    const messageId = randomUUID();
    ledger.append({
      messageId,
      publishedAtMs: timekeeper.nowMs(),
      topicArn: form.get('TopicArn') ?? form.get('TargetArn') ?? undefined,
      phoneNumber: form.get('PhoneNumber') ?? undefined,
      subject: form.get('Subject') ?? undefined,
      message: form.get('Message') ?? '',
    });
    const body = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${messageId}</MessageId></PublishResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></PublishResponse>`;
    return { statusCode: 200, headers: { 'content-type': 'text/xml' }, body };
  };
}

function problemOf(form: URLSearchParams, topicArns: readonly string[]): AwsAnswer | undefined {
  const action = form.get('Action');
  if (action !== 'Publish') {
    return queryError({
      statusCode: 400,
      code: 'InvalidAction',
      message: `The action ${String(action)} is not valid for this endpoint.`,
    });
  }
  const topicArn = form.get('TopicArn') ?? form.get('TargetArn');
  if (topicArn === null && form.get('PhoneNumber') === null) {
    return invalid('TopicArn or TargetArn Reason: no value for required parameter');
  }
  if (topicArn !== null && !topicArns.includes(topicArn)) {
    return queryError({ statusCode: 404, code: 'NotFound', message: 'Topic does not exist' });
  }
  return textProblem(form.get('Message') ?? '', form.get('Subject'));
}

function textProblem(message: string, subject: string | null): AwsAnswer | undefined {
  if (message === '') return invalid('Empty message');
  if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) return invalid('Message too long');
  if (subject === null) return undefined;
  const isSubject = subject.length <= MAX_SUBJECT_CHARACTERS && /^[\x20-\x7e]+$/.test(subject);
  return isSubject ? undefined : invalid('Subject');
}

function invalid(what: string): AwsAnswer {
  const message = `Invalid parameter: ${what}`;
  return queryError({ statusCode: 400, code: 'InvalidParameter', message });
}
