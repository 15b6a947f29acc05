import { Call } from './call';

for (const root of document.querySelectorAll<HTMLElement>('[data-module="call"]')) new Call(root).run();
