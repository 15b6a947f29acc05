// Builds the styles and scripts of Web and Identity, or with --test bundles and runs the unit tests.
//   node build.mjs [--sourcemap]        node build.mjs --test [node --test options]
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import * as sass from 'sass';

const client = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(client, '../../../..');
const styles = path.join(client, '../Styles');
const outputs = {
  web: path.join(root, 'src/Web/App/wwwroot/assets'),
  identity: path.join(root, 'src/Identity/App/wwwroot/assets'),
};
/** Bytes after gzip. A page before the call loads app.css and app.js; the rest of its 100 KB is the page itself. */
const limits = { 'app.css': 50_000, 'app.js': 25_000, 'clinic-board.js': 40_000, 'device-check.js': 15_000, 'echo.js': 240_000, 'call.js': 250_000, 'blur.js': 5_000 };

async function build({ sourcemap }) {
  const started = performance.now();
  const scripts = await esbuild.build({
    entryPoints: [
      ...['app', 'call', 'clinic-board', 'device-check'].map((name) => ({ in: path.join(client, name, 'index.ts'), out: name })),
      // Loaded by device-check when it is needed: what calls are made of is large.
      { in: path.join(client, 'device-check/echo.ts'), out: 'echo' },
      // Loaded by call when somebody wants it, with the files below.
      { in: path.join(client, 'call/blur-engine.ts'), out: 'blur' },
    ],
    bundle: true,
    format: 'esm',
    target: ['chrome109', 'firefox115', 'safari16'],
    minify: true,
    sourcemap: sourcemap ? 'linked' : false,
    legalComments: 'none',
    outdir: outputs.web,
    write: false,
    logLevel: 'warning',
  });
  const files = new Map(scripts.outputFiles.map((file) => [path.basename(file.path), Buffer.from(file.contents)]));

  const css = sass.compile(path.join(styles, 'app.scss'), {
    style: 'compressed',
    importers: [new sass.NodePackageImporter(root)],
  });
  files.set('app.css', Buffer.from(css.css));
  for (const name of await readdir(path.join(styles, 'static'))) {
    files.set(name, await readFile(path.join(styles, 'static', name)));
  }

  const icons = path.join(root, 'node_modules/nhsuk-frontend/dist/nhsuk/assets/images');
  for (const [, name] of css.css.matchAll(/url\("?(nhsuk-icon-[a-z-]+\.svg)"?\)/g)) {
    files.set(name, await readFile(path.join(icons, name)));
  }

  // The program that finds a person in a picture, and its model. It is one for processors with SIMD, which all but old ones have.
  const finder = path.join(root, 'node_modules/@mediapipe/selfie_segmentation');
  for (const name of ['.js', '.binarypb', '_landscape.tflite', '_solution_simd_wasm_bin.js', '_solution_simd_wasm_bin.wasm', '_solution_simd_wasm_bin.data']) {
    files.set(`blur-selfie_segmentation${name}`, await readFile(path.join(finder, `selfie_segmentation${name}`)));
  }

  const shared = [...files.keys()].filter((name) => /^(app\.|favicon|nhsuk-icon)/.test(name));
  await publish(outputs.web, [...files.keys()], files);
  await publish(outputs.identity, shared, files);
  report(files, performance.now() - started);
}

/** Writes what changed and removes what is no longer built, so that a second build leaves every file's time alone. */
async function publish(directory, names, files) {
  await mkdir(directory, { recursive: true });
  for (const stale of (await readdir(directory)).filter((name) => !names.includes(name))) {
    await rm(path.join(directory, stale), { recursive: true });
  }
  for (const name of names) {
    const target = path.join(directory, name);
    const present = await readFile(target).catch(() => undefined);
    if (!present?.equals(files.get(name))) await writeFile(target, files.get(name));
  }
}

function report(files, milliseconds) {
  for (const [name, content] of files) {
    const zipped = gzipSync(content, { level: 9 }).length;
    console.log(`${name.padEnd(18)} ${kilobytes(content.length)}  gzip ${kilobytes(zipped)}`);
    if (zipped > limits[name]) {
      console.error(`${name} is larger than its limit of ${kilobytes(limits[name]).trim()}.`);
      process.exitCode = 1;
    }
  }
  console.log(`Built in ${(milliseconds / 1000).toFixed(1)} s.`);
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(9);

async function test(options) {
  const tests = path.join(root, 'tests/Client');
  const output = path.join(root, 'node_modules/.cache/client-tests');
  await rm(output, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: (await readdir(tests)).filter((name) => name.endsWith('.test.ts')).map((name) => path.join(tests, name)),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    outdir: output,
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  });
  const bundles = (await readdir(output)).map((name) => path.join(output, name));
  const run = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...options, ...bundles], { stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === '--test') await test(rest);
else await build({ sourcemap: mode === '--sourcemap' });
