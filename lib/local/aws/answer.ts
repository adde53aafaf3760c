/** An answer of a local AWS endpoint, before the request id is added. */
export interface AwsAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What went wrong, in AWS's words; each protocol writes it in its own shape. */
export interface AwsError {
  readonly statusCode: number;
  readonly code: string;
  readonly message: string;
}

/** An answer of the JSON 1.1 protocol. */
export function jsonAnswer(value: object): AwsAnswer {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(value),
  };
}

/** An error of the JSON 1.1 protocol; Secrets Manager writes `Message`, others `message`. */
export function jsonError({ statusCode, code, message }: AwsError): AwsAnswer {
  return {
    ...jsonAnswer({ __type: code, message, Message: message }),
    statusCode,
  };
}

/** An error of the query protocol (SNS). */
export function queryError({ statusCode, code, message }: AwsError): AwsAnswer {
  const body = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error></ErrorResponse>`;
  return { statusCode, headers: { 'content-type': 'text/xml' }, body };
}

/** An error of S3. */
export function s3Error({ statusCode, code, message }: AwsError): AwsAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return { statusCode, headers: { 'content-type': 'application/xml' }, body };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
