#!/usr/bin/env node
import { launch } from './launch/launch.mjs';

const [command = '', ...args] = process.argv.slice(2);
await launch(command, args);
