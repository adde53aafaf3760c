#!/usr/bin/env node
import { launch } from './launch/launch.mjs';

await launch('tocsin', process.argv.slice(2));
