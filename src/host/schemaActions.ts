import { type Disposable, window } from 'vscode';
import { messageOf } from '../core/errors.ts';
import { isJsonObject, parseJson } from '../core/json.ts';
import { overridesFrom } from '../core/run/overridesFrom.ts';
import { overridesThatDiffer, promptOf } from '../protocol.ts';
import { SchemaDocuments } from './schemaDocuments.ts';
import type { Session } from './session.ts';

/** What is done with the schema that a lane holds its answers to. */
export class SchemaActions implements Disposable {
  readonly #documents: SchemaDocuments;

  constructor(documents = new SchemaDocuments()) {
    this.#documents = documents;
  }

  /** Tells the lane what is wrong with the text of a schema. */
  async check(session: Session, laneId: string, text: string): Promise<void> {
    const { schemaProblems } = await import('../node/jsonSchemas.ts');
    const problems = schemaProblems(text);
    session.tell({ type: 'lane', laneId, lane: { schemaCheck: { text, problems } } });
  }

  /** Opens the text of a lane's schema in an editor; what is saved there is the lane's from then on. */
  async edit(session: Session, laneId: string, text: string): Promise<void> {
    const { lanes, prompt } = session.state;
    const place = lanes.findIndex(({ id }) => id === laneId) + 1;
    const name = `${prompt?.name ?? 'Answer'}${lanes.length > 1 ? `, lane ${place}` : ''}`;
    await this.#documents.open(`${session.uri.toString()}#${laneId}`, name, text, (saved) =>
      takeOver(session, laneId, saved),
    );
  }

  dispose(): void {
    this.#documents.dispose();
  }
}

function takeOver(session: Session, laneId: string, text: string): void {
  const { lanes, prompt } = session.state;
  const lane = lanes.find(({ id }) => id === laneId);
  if (!lane) {
    void window.showWarningMessage('The lane of this schema is closed, so nothing takes the schema.');
    return;
  }
  try {
    const schema = parseJson(text);
    if (!isJsonObject(schema)) throw new Error('A schema is an object in braces.');
    const inFile = promptOf(lane, prompt)?.settings ?? {};
    const name = inFile.responseFormat?.type === 'json-schema' ? inFile.responseFormat.name : 'answer';
    const responseFormat = { type: 'json-schema', name, schema };
    const settings = { ...lane.settings, ...overridesFrom({ responseFormat }) };
    session.choices.setSettings(laneId, overridesThatDiffer(inFile, settings), { isShown: false });
  } catch (error) {
    void window.showWarningMessage(`The schema was not taken over. ${messageOf(error)}`);
  }
}
