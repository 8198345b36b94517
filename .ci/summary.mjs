/** Prints `<n> passed, <m> failed` from the runner's JSON report; fails without a report, without tests, with failures. */
import { existsSync, readFileSync } from 'node:fs';

const path = process.argv[2];
if (!path || !existsSync(path)) {
  console.error(`no test report at ${path}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const report = JSON.parse(readFileSync(path, 'utf8'));
const tests = report.testResults.flatMap((file) => file.assertionResults);
const passed = tests.filter((test) => test.status === 'passed').length;
const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed').length;
// A file that does not load has no tests of its own, and is a failure all the same.
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
);
const failed = tests.filter((test) => test.status === 'failed').length + broken.length;
for (const file of broken) console.error(`failed to run: ${file.name}`);
for (const test of tests)
  if (test.status === 'passed' && test.failureMessages.length > 0)
    console.log(`passed at the second try: ${test.fullName}\n${test.failureMessages[0]}`);
if (skipped > 0) console.log(`(${skipped} skipped)`);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exit(1);
