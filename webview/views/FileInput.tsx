import type { ComponentChildren, VNode } from 'preact';
import { formatBytes } from '../../src/protocol.ts';
import { Button, TextArea, type TextInputProps } from '../toolkit.ts';

interface FileInputProps {
  readonly text: string;
  readonly input: Omit<TextInputProps, 'children'>;
  readonly onBrowse: () => void;
  readonly onClear: () => void;
  /** The label. */
  readonly children: ComponentChildren;
}

/** The text of a file, which can also be written here; an image is shown by its type and size. */
export function FileInput({ text, input, onBrowse, onClear, children }: FileInputProps): VNode {
  const data = /^data:([^;,]+);base64,/.exec(text);
  return (
    <div class="file">
      {data ? (
        <>
          {children}
          <div class="file-data">
            {data[1]} · {formatBytes(((text.length - data[0].length) * 3) / 4)}
          </div>
        </>
      ) : (
        <TextArea {...input} placeholder="Choose a file, or write its text">
          {children}
        </TextArea>
      )}
      <div class="file-buttons">
        <Button appearance="secondary" onClick={onBrowse}>
          Browse…
        </Button>
        {data && (
          <Button appearance="secondary" onClick={onClear}>
            Clear
          </Button>
        )}
      </div>
    </div>
  );
}
