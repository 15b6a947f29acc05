import { ClinicBoard } from './clinic-board';

for (const root of document.querySelectorAll<HTMLElement>('[data-module="clinic-board"]')) new ClinicBoard(root).run();
