import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from './problem.mjs';

export const usage = `Usage: ./run [options]

  --reset            start over: forget all demonstration data and secrets first
  --port N           the first of four ports in a row (default 5080): Web, Identity, Signalling, media
  --data FOLDER      where databases, secrets and logs are kept (default .data)
  --media-address A  the address that call media uses (default: every address of this machine)
  --no-build         serve what was built before
  --build-only       build, but start nothing
  --help             this text`;

/** @returns {{reset: boolean, port: number, data: string, mediaAddress: string | undefined, build: boolean, buildOnly: boolean, help: boolean}} */
export function readOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        reset: { type: 'boolean', default: false },
        port: { type: 'string', default: '5080' },
        data: { type: 'string', default: '.data' },
        'media-address': { type: 'string' },
        'no-build': { type: 'boolean', default: false },
        'build-only': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new Problem(`${error.message.split('. ')[0]}. ./run --help lists the options.`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1024 || port > 65532)
    throw new Problem(`--port must be a whole number from 1024 to 65532, not "${values.port}".`);
  return {
    reset: values.reset,
    port,
    data: resolve(values.data),
    mediaAddress: values['media-address'],
    build: !values['no-build'],
    buildOnly: values['build-only'],
    help: values.help,
  };
}
