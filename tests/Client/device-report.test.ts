import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceReporter, type DeviceReport } from '../../src/Web/App/Client/call/device-report';
import { settle } from './fakes';

test('what works is told once for each change, and again on a new connection', () => {
  const told: DeviceReport[] = [];
  const reporter = new DeviceReporter((devices) => {
    told.push(devices);
    return Promise.resolve();
  });
  reporter.see(undefined);
  reporter.see({ microphone: true, camera: false });
  reporter.see({ microphone: true, camera: false });
  reporter.see(undefined);
  reporter.see({ microphone: true, camera: true });
  assert.deepEqual(told, [{ microphone: true, camera: false }, { microphone: true, camera: true }]);
  reporter.joined();
  assert.equal(told.length, 3);
});

test('what a lost connection kept from the hub is told with the next look', async () => {
  let up = false;
  let told = 0;
  const reporter = new DeviceReporter(() => {
    told++;
    return up ? Promise.resolve() : Promise.reject(new Error('lost'));
  });
  reporter.see({ microphone: true, camera: true });
  await settle();
  up = true;
  reporter.see({ microphone: true, camera: true });
  await settle();
  reporter.see({ microphone: true, camera: true });
  assert.equal(told, 2);
});
