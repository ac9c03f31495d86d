import type { Connection } from './connection.ts';

/** What a service sends and an adapter does not know: passed over, and logged once for each kind in a call. */
export class PassedOver {
  readonly #connection: Pick<Connection, 'name' | 'log'>;
  readonly #seen = new Set<string>();

  constructor(connection: Pick<Connection, 'name' | 'log'>) {
    this.#connection = connection;
  }

  /** @param what such as `an event of type "response.new"`. */
  note(what: string): void {
    if (this.#seen.has(what)) return;
    this.#seen.add(what);
    this.#connection.log(`${this.#connection.name}: ${what} was ignored.`);
  }
}
