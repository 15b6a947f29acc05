import { ClinicBoard } from './clinic-board';
import { RescueDesk } from './rescue-desk';

for (const root of document.querySelectorAll<HTMLElement>('[data-module="clinic-board"]')) new ClinicBoard(root).run();
for (const root of document.querySelectorAll<HTMLElement>('[data-module="rescue-desk"]')) new RescueDesk(root).run();
