import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { buildStage, resourcesOf, textsIn, type Resource } from './stack-fixture.ts';

const cluster = 'arn:aws:eks:eu-west-1:111122223333:cluster/main';
const role = 'arn:aws:iam::111122223333:role/tocsin-acts';

const templateWith = (context: Readonly<Record<string, string>>): Template =>
  Template.fromStack(buildStage('dev', { context }).stack);

/** The statements of the role of the function that acts. */
function grantsOf(template: Template): string {
  const policies = Object.entries(resourcesOf(template, 'AWS::IAM::Policy'));
  const mine = policies.filter(([id]) => id.startsWith('act'));
  return JSON.stringify(mine.map(([, { Properties }]) => Properties['PolicyDocument']));
}

const networked = (template: Template): readonly (readonly [string, Resource])[] =>
  Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).filter(
    ([, { Properties }]) => Properties['VpcConfig'] !== undefined,
  );

describe('the function that acts', () => {
  it('may look up the clusters and assume the roles that the operator names, and no others', () => {
    const named = grantsOf(templateWith({ eksCluster: cluster, targetRole: role }));

    expect(named).toContain(
      `"Action":"eks:DescribeCluster","Effect":"Allow","Resource":"${cluster}"`,
    );
    expect(named).toContain(`"Action":"sts:AssumeRole","Effect":"Allow","Resource":"${role}"`);
    expect(grantsOf(templateWith({}))).not.toMatch(/eks:|sts:AssumeRole/);
  });

  it('alone runs in the network that the operator names', () => {
    const template = templateWith({
      subnet: 'subnet-0123456a,subnet-0123456b',
      securityGroup: 'sg-0123456c',
    });
    const [[id, fn] = [], ...others] = networked(template);

    expect(others).toEqual([]);
    expect(id).toMatch(/^act/);
    expect(textsIn(fn?.Properties['VpcConfig']).sort()).toEqual([
      'sg-0123456c',
      'subnet-0123456a',
      'subnet-0123456b',
    ]);
    expect(networked(templateWith({}))).toEqual([]);
  });

  it.each([
    [{ subnet: 'subnet-0123456a' }, 'securityGroup is not usable: received none'],
    [{ securityGroup: 'sg-0123456c' }, 'subnet is not usable: received none'],
    [{ eksCluster: 'main' }, 'eksCluster is not usable: received main'],
    [{ targetRole: 'arn:aws:iam::1:user/x' }, 'targetRole is not usable'],
  ])('is refused with %o', (context, message) => {
    expect(() => templateWith(context as Record<string, string>)).toThrow(message);
  });
});
