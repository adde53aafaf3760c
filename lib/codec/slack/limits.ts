/**
 * What Slack takes, in UTF-16 code units where it says characters: the smallest reading of it. One
 * text that is too long costs the whole message (`invalid_blocks`). Sources: JSDoc of
 * @slack/types 3.2.0; https://docs.slack.dev/reference/block-kit and /surfaces/modals.
 */
export const slackLimits = {
  headerLength: 150,
  textLength: 3_000,
  buttonLength: 75,
  optionLength: 75,
  optionsPerSelect: 100,
  confirmTitleLength: 100,
  confirmTextLength: 300,
  confirmButtonLength: 30,
  labelLength: 2_000,
  inputLength: 3_000,
  viewTitleLength: 24,
  /** Of a message's text beside its blocks; beyond 4,000 Slack advises against, 40,000 it cuts. */
  fallbackLength: 3_000,
  linkLength: 2_000,
} as const;
