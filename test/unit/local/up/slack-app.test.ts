import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { slackApp } from '../../../../lib/local/up/slack-app.ts';

/** What the test reads of the manifest. */
interface Manifest {
  readonly display_information: { readonly name: string };
  readonly features: {
    readonly slash_commands: readonly {
      readonly command: string;
      readonly url: string;
      readonly description: string;
      readonly usage_hint: string;
      readonly should_escape: boolean;
    }[];
    readonly shortcuts: readonly {
      readonly name: string;
      readonly type: string;
      readonly callback_id: string;
    }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: { readonly interactivity: { readonly request_url: string } };
}

describe('the app in the sandbox', () => {
  it('is the one of the manifest', () => {
    const manifest = parse(readFileSync('slack/manifest.yaml', 'utf8')) as Manifest;
    const { slash_commands: commands, shortcuts } = manifest.features;
    const [command] = commands;
    const { origin } = new URL(command?.url ?? '');

    expect(slackApp(origin)).toEqual({
      name: manifest.display_information.name,
      commands: commands.map(({ command: name, description, usage_hint: usageHint }) => ({
        command: name,
        description,
        usageHint,
      })),
      shortcuts: shortcuts.map(({ name, type, callback_id: callbackId }) => ({
        name,
        type,
        callbackId,
      })),
      scopes: manifest.oauth_config.scopes.bot,
      commandsUrl: command?.url,
      interactionsUrl: manifest.settings.interactivity.request_url,
    });
    // The sandbox always escapes what people type.
    expect(command?.should_escape).toBe(true);
  });
});
