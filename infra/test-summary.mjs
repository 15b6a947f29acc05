// Adds up the test results (.trx) of a folder and says of each failure what it said: node infra/test-summary.mjs FOLDER. Fails when a project ran no test.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const longest = 3000;
const plain = (xml) => xml.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16))).replace(/&amp;/g, '&');
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
  for (const [, name, result] of text.matchAll(/testName="([^"]*)"[^>]*outcome="NotExecuted"[^>]*?(?:\/>|>([^]*?)<\/UnitTestResult>)/g))
    console.log(`  skipped: ${name}: ${plain(/<(Message|StdOut)>([^]*?)<\/\1>/.exec(result ?? '')?.[2] ?? 'explicit, so it runs only when asked for by name').trim()}`);
  for (const [, name, result] of text.matchAll(/testName="([^"]*)"[^>]*outcome="Failed"[^>]*>([^]*?)<\/UnitTestResult>/g)) {
    const part = (element) => plain(new RegExp(`<${element}>([^]*?)</${element}>`).exec(result)?.[1] ?? '').slice(0, longest);
    console.log(`  failed: ${plain(name)}\n${part('Message')}\n${part('StackTrace')}`);
  }
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
