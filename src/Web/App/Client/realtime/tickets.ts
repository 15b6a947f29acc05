/** What Web answers on a page's ticket address: a ticket that opens the hub once, within two minutes. */
export interface Ticket {
  readonly ticket: string;
  readonly hubUrl: string;
}

/** Why Web gives no ticket, now or later: trying again by itself cannot help. */
export type Refusal = 'signedOut' | 'notAllowed' | 'removed' | 'locked' | 'over' | 'pageTooOld';

export class TicketRefused extends Error {
  constructor(readonly refusal: Refusal) {
    super(`No ticket: ${refusal}`);
  }
}

const answerTimeout = 10_000;

const refusals = new Map<number, Refusal>([
  [400, 'pageTooOld'],
  [401, 'signedOut'],
  [403, 'notAllowed'],
  [404, 'notAllowed'],
  [409, 'over'],
  [410, 'over'],
]);

/** Asks Web for a fresh ticket. Throws {@link TicketRefused} when asking again is useless, any other error when it is not. */
export async function fetchTicket(url: string): Promise<Ticket> {
  const token = document.querySelector<HTMLInputElement>('input[name="__RequestVerificationToken"]');
  const response = await fetch(url, {
    method: 'POST',
    headers: { Accept: 'application/json', RequestVerificationToken: token ? token.value : '' },
    redirect: 'manual',
    cache: 'no-store',
    signal: AbortSignal.timeout(answerTimeout),
  });
  if (response.type === 'opaqueredirect') throw new TicketRefused('signedOut');
  const refusal = refusals.get(response.status);
  if (refusal) throw new TicketRefused(response.status === 403 ? await reasonOf(response) : refusal);
  if (!response.ok) throw new Error(`The ticket address answered ${response.status}.`);
  return (await response.json()) as Ticket;
}

/** Of who may not come in: Web says so if the clinician decided it. */
async function reasonOf(response: Response): Promise<Refusal> {
  const { reason } = (await response.json().catch(() => ({}))) as { readonly reason?: string };
  return reason === 'removed' || reason === 'locked' ? reason : 'notAllowed';
}
