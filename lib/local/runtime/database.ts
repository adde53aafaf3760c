import type { FunctionSpec, StreamMappingSpec, TableSpec } from './template/model.ts';
import type { InvocationResult } from './functions/invocation.ts';

/** What the tables and streams of a template need from the runtime. */
export interface DatabaseRequest {
  readonly dataDir: string;
  readonly tables: readonly TableSpec[];
}

/** What the stream mappings of a template need from the runtime. */
export interface StreamRequest {
  readonly mappings: readonly StreamMappingSpec[];
  readonly functions: readonly FunctionSpec[];
  readonly invoke: (functionName: string, event: string) => Promise<InvocationResult>;
  readonly deadLetter: (queueArn: string, record: unknown) => void;
}

/** A running DynamoDB with the tables of the template in it. */
export interface LocalDatabase {
  readonly url: string;
  /** Starts to feed functions from the streams; the promise of the result stops that. */
  readonly startMappings: (request: StreamRequest) => Promise<() => Promise<void>>;
  readonly stop: () => Promise<void>;
}

/** Starts a DynamoDB, or finds one, and makes the tables. */
export type StartDatabase = (request: DatabaseRequest) => Promise<LocalDatabase>;
