import { synthesizeTocsin } from './synth.ts';

// The CDK entry, run by `cdk synth`, `cdk diff` and `cdk deploy`, which say by their own variables
// what stage is meant and where the assembly goes.
try {
  const { stage, bundles } = await synthesizeTocsin();
  const sizes = bundles.map(({ name, bytes }) => `${name} ${String(Math.ceil(bytes / 1000))} KB`);
  process.stderr.write(`Tocsin ${stage}: ${sizes.join(', ')}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
