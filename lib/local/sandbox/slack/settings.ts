import type { Timekeeper } from '../../shared/timekeeper.ts';

/** `guest`: restricted in this workspace. `stranger`: of another one, in a shared channel. */
export type SandboxUserKind = 'member' | 'guest' | 'stranger';

export interface SlackSandboxUser {
  /** `U…` or `W…`. */
  readonly id: string;
  /** What others write after an `@`: lower case, without spaces. */
  readonly handle: string;
  readonly name: string;
  readonly email: string | null;
  readonly kind: SandboxUserKind;
}

/** A channel that is there from the start, with every user of the workspace in it. */
export interface SlackSandboxChannel {
  readonly id: string;
  readonly name: string;
  /** Whether the app was invited; without it, it cannot post there. */
  readonly hasApp: boolean;
}

export interface SlackSandboxWorkspace {
  /** `T…` */
  readonly teamId: string;
  /** `E…` in a grid organisation. */
  readonly enterpriseId: string | null;
  readonly name: string;
  readonly botToken: string;
  /** Signs every command and interaction. */
  readonly signingSecret: string;
  readonly users: readonly SlackSandboxUser[];
  readonly channels: readonly SlackSandboxChannel[];
}

export interface SlackSandboxCommand {
  /** Such as `/incident`. */
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
}

export interface SlackSandboxShortcut {
  readonly name: string;
  readonly type: 'global' | 'message';
  readonly callbackId: string;
}

/** The installed app, as its manifest describes it. */
export interface SlackSandboxApp {
  readonly name: string;
  readonly commands: readonly SlackSandboxCommand[];
  readonly shortcuts: readonly SlackSandboxShortcut[];
  /** Scopes of the bot token. */
  readonly scopes: readonly string[];
  readonly commandsUrl: string;
  readonly interactionsUrl: string;
}

export interface SlackSandboxSettings {
  readonly timekeeper: Timekeeper;
  /** Unpredictable bytes, of which all ids are made. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Folder of the files that the conversations outlive a kill in; in memory only when left out. */
  readonly ledgerDirectory?: string;
  /**
   * Base of the server that it is mounted in, without a slash at the end; not for its own `listen`.
   */
  readonly siteUrl?: string;
  readonly app: SlackSandboxApp;
  /** None: the view says how to get one. */
  readonly workspaces: readonly SlackSandboxWorkspace[];
  /** Slack's when left out. */
  readonly rateLimits?: 'slack' | 'off';
}

/** Slack gives an app three seconds for every command and interaction. */
export const ANSWER_TIMEOUT_MS = 3000;
