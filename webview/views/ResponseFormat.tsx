import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import {
  overridesThatDiffer,
  withOverrides,
  type LaneView,
  type PromptSetup,
  type ResponseFormat as Format,
} from '../../src/protocol.ts';
import { firstSchema } from '../schemaText.ts';
import type { PanelStore } from '../state.ts';
import { IconButton } from './IconButton.tsx';
import { SchemaEditor } from './SchemaEditor.tsx';

interface ResponseFormatProps {
  readonly lane: LaneView;
  readonly prompt: PromptSetup;
  readonly store: PanelStore;
}

/** What a lane's answers must be; says so where the model takes no such wish. */
export function ResponseFormat({ lane, prompt, store }: ResponseFormatProps): VNode {
  const id = useId();
  const { responseFormat: inFile } = prompt.settings;
  const { responseFormat: format } = withOverrides(prompt.settings, lane.settings);
  const isOwn = 'responseFormat' in overridesThatDiffer(prompt.settings, lane.settings);
  const set = (next: Format | null) => store.setSetting(lane.id, { responseFormat: next });
  if (lane.model && !lane.model.capabilities.jsonSchema && format?.type !== 'gbnf') {
    return <p class="drawer-note">Response format: {lane.model.name} does not take it.</p>;
  }
  const name = inFile?.type === 'json-schema' ? inFile.name : 'answer';
  const choose = (type: string) => {
    if (type === 'json') set({ type });
    else if (type === 'json-schema')
      set(inFile?.type === type ? inFile : { type, name, schema: firstSchema });
    else set(type === 'gbnf' && inFile ? inFile : null);
  };
  return (
    <div class={isOwn ? 'setting setting-own' : 'setting'}>
      <div class="setting-head">
        <label for={id}>Response format</label>
        {isOwn && <span class="setting-dot" role="img" aria-label="differs from the file" />}
        {isOwn && (
          <IconButton
            icon="reset"
            label={`Back to the file: ${labels[inFile?.type ?? 'text']}`}
            onClick={() => set(inFile ?? null)}
          />
        )}
        <span class="lane-gap" />
        <select
          id={id}
          class="setting-choice response-format"
          aria-describedby={`${id}-help`}
          value={format?.type ?? 'text'}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {(
            ['text', 'json', 'json-schema', ...(inFile?.type === 'gbnf' ? (['gbnf'] as const) : [])] as const
          ).map((type) => (
            <option key={type} value={type}>
              {labels[type]}
            </option>
          ))}
        </select>
      </div>
      {format?.type === 'json-schema' && (
        <SchemaEditor
          schema={format.schema}
          check={lane.schemaCheck}
          onSchema={(schema) => set({ type: 'json-schema', name: format.name, schema })}
          onCheck={(text) => store.ask({ type: 'check-schema', laneId: lane.id, text })}
          onEdit={(text) => store.ask({ type: 'edit-schema', laneId: lane.id, text })}
        />
      )}
      <p class="setting-help" id={`${id}-help`}>
        {helps[format?.type ?? 'text']}
      </p>
    </div>
  );
}

const labels = {
  text: 'Text',
  json: 'JSON',
  'json-schema': 'JSON Schema',
  gbnf: 'Grammar of the file',
} as const;

const helps = {
  text: 'Leaves the distribution as it is: the answer may be anything.',
  json: 'Leaves out of the distribution what would make the answer no JSON, as far as the service does that; the answer is checked.',
  'json-schema':
    'Leaves out of the distribution what the schema does not allow, as far as the service does that; the answer is checked against it.',
  gbnf: 'Leaves out of the distribution what the grammar does not allow.',
} as const;
