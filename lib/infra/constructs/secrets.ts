import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { SecretName } from '../permissions.ts';
import type { StageSettings } from '../stage.ts';

interface SecretSpec {
  readonly description: string;
  /** What the secret holds besides the generated value. */
  readonly start: Readonly<Record<string, unknown>>;
  /** Under which key Secrets Manager puts the value that it generates. */
  readonly generatedKey: string;
}

/**
 * Those that the operator fills start with empty lists, which admit nobody and page nobody.
 * They too are written as generated secrets, for the sake of what happens later: CloudFormation
 * generates once, at creation, and from then on leaves the value to its owner.
 */
const SPECS: Readonly<Record<SecretName, SecretSpec>> = {
  intake: {
    description: 'Tocsin: credentials of alert sources, to be filled by the operator',
    start: { sources: {} },
    generatedKey: 'placeholder',
  },
  pagerduty: {
    description: 'Tocsin: keys, token and webhook secrets of PagerDuty, to be filled likewise',
    start: { routingKeys: {}, webhookSecrets: {} },
    generatedKey: 'placeholder',
  },
  slack: {
    description:
      'Tocsin: signing secrets and bot tokens of Slack workspaces, to be filled likewise',
    start: { workspaces: {} },
    generatedKey: 'placeholder',
  },
  targets: {
    description:
      'Tocsin: what opens clusters, Argo CD and Git hosts; read by the function that acts alone',
    start: { tenants: {} },
    generatedKey: 'placeholder',
  },
  console: {
    description: 'Tocsin: key that signs the links to the console, generated',
    start: { people: {} },
    generatedKey: 'signingKey',
  },
};

/**
 * The five secrets. The template holds no value of any, and they are encrypted with the
 * AWS-managed key, so that whoever may read a secret needs no second permission on a key.
 */
export class Secrets extends Construct {
  readonly byName: Readonly<Record<SecretName, Secret>>;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.byName = {
      intake: this.#create('Intake', SPECS.intake, settings),
      pagerduty: this.#create('PagerDuty', SPECS.pagerduty, settings),
      console: this.#create('Console', SPECS.console, settings),
      slack: this.#create('Slack', SPECS.slack, settings),
      targets: this.#create('Targets', SPECS.targets, settings),
    };
  }

  #create(id: string, spec: SecretSpec, settings: StageSettings): Secret {
    const secret = new Secret(this, id, {
      description: spec.description,
      generateSecretString: {
        secretStringTemplate: JSON.stringify(spec.start),
        generateStringKey: spec.generatedKey,
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy: settings.retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'Both sides must change together (alert sources, PagerDuty, Slack, clusters, links already ' +
        'sent), so people rotate it, as the guide describes; the previous version is accepted meanwhile.',
    });
    return secret;
  }
}
