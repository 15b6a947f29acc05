import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import type { Ticket } from './tickets';

/** One open connection to a hub. It is never reopened: the next one needs a fresh ticket. */
export interface HubSocket {
  invoke<Result = void>(method: string, ...parameters: unknown[]): Promise<Result>;
  close(): void;
}

export interface HubSocketEvents {
  readonly received: (message: unknown) => void;
  readonly closed: () => void;
}

export type OpenHubSocket = (ticket: Ticket, events: HubSocketEvents) => Promise<HubSocket>;

const openTimeout = 15_000;
const keepAlive = 15_000;
const serverTimeout = 30_000;

export const openHubSocket: OpenHubSocket = async ({ ticket, hubUrl }, events) => {
  const connection = new HubConnectionBuilder()
    .withUrl(hubUrl, {
      // A negotiation would present the ticket twice, and it is good for once.
      skipNegotiation: true,
      transport: HttpTransportType.WebSockets,
      accessTokenFactory: () => ticket,
    })
    // SignalR would write the address, which carries the ticket, to the console.
    .configureLogging(LogLevel.None)
    .withKeepAliveInterval(keepAlive)
    .withServerTimeout(serverTimeout)
    .build();
  connection.on('Receive', events.received);

  const slow = setTimeout(() => void connection.stop(), openTimeout);
  try {
    await connection.start();
  } finally {
    clearTimeout(slow);
  }
  connection.onclose(events.closed);
  return {
    invoke: <Result>(method: string, ...parameters: unknown[]) => connection.invoke<Result>(method, ...parameters),
    close: () => void connection.stop(),
  };
};

const hubError = /\b(not-allowed|signed-out|not-found|invalid|too-many|full|ended|conflict): (.+)$/;

/** The code a hub error begins with ("not-allowed", "ended"…), or undefined for an error of the connection. */
export function hubErrorCode(error: unknown): string | undefined {
  return error instanceof Error ? hubError.exec(error.message)?.[1] : undefined;
}

/** What a hub error says to people. */
export function hubErrorSentence(error: unknown): string | undefined {
  return error instanceof Error ? hubError.exec(error.message)?.[2] : undefined;
}
