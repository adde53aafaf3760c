import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../lib/infra/stage.ts';
import { templateOf } from './stack-fixture.ts';

describe('the console in AWS', () => {
  it.each(STAGE_NAMES)('is never opened without a signed link: %s', (stage) => {
    expect(JSON.stringify(templateOf(stage).toJSON())).not.toContain('TOCSIN_CONSOLE_OPEN');
  });
});
