import { DeviceCheck } from './device-check';

for (const root of document.querySelectorAll<HTMLElement>('[data-module="device-check"]')) new DeviceCheck(root).run();
