// Adds up the test results (.trx) of a folder: node infra/test-summary.mjs FOLDER. Fails when a project ran no test.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of readdirSync(folder).filter((name) => name.endsWith('.trx')).sort()) {
  const text = readFileSync(join(folder, file), 'utf8');
  const counters = /<Counters ([^>]*)\/>/.exec(text)?.[1] ?? '';
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(counters)?.[1] ?? 0);
  const [all, executed, passed] = [count('total'), count('executed'), count('passed')];
  total.passed += passed;
  total.failed += executed - passed;
  total.skipped += all - executed;
  console.log(`${file.replace('.trx', '').padEnd(14)} ${passed} passed, ${executed - passed} failed, ${all - executed} skipped`);
  if (executed === 0) {
    console.error(`${file}: no test ran.`);
    process.exitCode = 1;
  }
  for (const skipped of text.matchAll(/testName="([^"]*)"[^>]*outcome="NotExecuted"/g))
    console.log(`  skipped: ${skipped[1]}`);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
