import type { Timekeeper } from '../shared/timekeeper.ts';
import type { StartDatabase } from './database.ts';
import type { HostSettings } from './functions/function-host.ts';
import type { Authorize, Mount } from './http/api-server.ts';
import type { SecretSpec } from './template/model.ts';

/** What a mount may build on. */
export interface MountContext {
  /** Base URL of the runtime, without a trailing slash. */
  readonly url: string;
  /** Shows what was published to SNS, as JSON; made for `/sandbox/sns/messages`. */
  readonly snsView: Mount['handle'];
}

/** How the one-machine runtime is started. */
export interface RuntimeOptions {
  /** A CDK assembly with one `*.template.json` at its top. */
  readonly assemblyDir: string;
  /** Where all state lives; made when missing, readable by its owner alone. */
  readonly dataDir: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** More Host names to answer to, for a proxy or a tunnel in front. */
  readonly allowedHosts?: readonly string[];
  /** Who may call the routes that IAM guards in AWS. Without it nobody may. */
  readonly authorize?: Authorize;
  /** In-process parts of the URL space, before the template's routes. */
  readonly mounts?: (context: MountContext) => readonly Mount[];
  /** Variables put over those of every function, for example PAGERDUTY_EVENTS_URL; `url` is ours. */
  readonly environment?: (url: string) => Readonly<Record<string, string>>;
  /** The first value of a secret that has none yet; else the template says or generates it. */
  readonly seedSecret?: (secret: SecretSpec) => string | undefined;
  /** Where tables and streams live; a template with tables needs it. */
  readonly startDatabase?: StartDatabase;
  readonly timekeeper?: Timekeeper;
  readonly functionSettings?: Partial<HostSettings>;
  /** Waits before the second and third try of an asynchronous invocation; default Lambda's. */
  readonly retryDelaysMs?: readonly number[];
  /** Told of all output of functions, which also goes to `<dataDir>/log/<label>.log`. */
  readonly onOutput?: (label: string, text: string) => void;
}
