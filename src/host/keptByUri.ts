import type { Memento } from 'vscode';
import * as z from 'zod/mini';

/** This many are kept, those that changed last. */
const most = 50;

/**
 * What is kept with the workspace of each prompt or conversation, by its URI, over a reload of the window: written as
 * `Written`, which must be JSON, and read back as `Read`.
 */
export class KeptByUri<Written, Read> {
  readonly #memento: Memento;
  readonly #key: string;
  readonly #schema: z.ZodMiniType<Readonly<Record<string, Read>>>;

  /** @param key under which all of them are written down */
  constructor(memento: Memento, key: string, schema: z.ZodMiniType<Read>) {
    this.#memento = memento;
    this.#key = key;
    this.#schema = z.record(z.string(), schema);
  }

  of(uri: string): Read | undefined {
    return this.#all()[uri];
  }

  /** @param value `undefined` where nothing is kept any more */
  keep(uri: string, value: Written | undefined): void {
    const { [uri]: before, ...others } = this.#all();
    if (before === undefined && value === undefined) return;
    const kept = Object.entries({ ...others, ...(value === undefined ? {} : { [uri]: value }) });
    void this.#memento.update(this.#key, Object.fromEntries(kept.slice(-most)));
  }

  /** Takes along what is kept to other URIs; `movedTo` answers `undefined` for those that stay. */
  move(movedTo: (uri: string) => string | undefined): void {
    const moved = Object.entries(this.#all()).map(([uri, value]) => [movedTo(uri) ?? uri, value]);
    void this.#memento.update(this.#key, Object.fromEntries(moved));
  }

  /** What is there that an older version has not written like this is as good as nothing. */
  #all(): Readonly<Record<string, Read>> {
    const parsed = this.#schema.safeParse(this.#memento.get(this.#key));
    return parsed.success ? parsed.data : {};
  }
}
