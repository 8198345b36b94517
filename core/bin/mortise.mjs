#!/usr/bin/env node
/** The command `mortise`: prepares the clone like `npm start` does and runs the subcommand. */
if (process.argv.length < 3) process.argv.push('help');
await import('./bootstrap.mjs');
