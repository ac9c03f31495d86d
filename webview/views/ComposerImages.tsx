import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { imageTypes } from '../images.ts';
import { reasonAgainstImages } from '../lanesAsked.ts';
import type { PanelStore } from '../state.ts';
import type { View } from '../view.ts';
import { IconButton } from './IconButton.tsx';

interface ComposerImagesProps {
  readonly view: View;
  readonly store: PanelStore;
}

/** The images that go with the follow-up, each with a way to take it out, and what is wrong with those that do not. */
export function ComposerImages({ view, store }: ComposerImagesProps): VNode | null {
  const { images, fileProblem } = view;
  if (images.length === 0 && fileProblem === undefined) return null;
  return (
    <div class="images">
      {images.map(({ name, url }, index) => (
        <span key={url} class="image-chip">
          <img src={url} alt={name || `Image ${index + 1}`} title={name} />
          <IconButton
            icon="close"
            label={`Take out ${name || `image ${index + 1}`}`}
            onClick={() => store.setImages(images.filter((_, place) => place !== index))}
          />
        </span>
      ))}
      {fileProblem !== undefined && <span role="alert">{fileProblem}</span>}
    </div>
  );
}

/** Opens the system's choice of files; says why where a model takes no images. */
export function ImageButton({ view, store }: ComposerImagesProps): VNode {
  const input = useRef<HTMLInputElement>(null);
  const reason = reasonAgainstImages(view);
  return (
    <>
      <IconButton
        class={reason === undefined ? 'attach' : 'attach send-idle'}
        icon="attach"
        label="Attach images"
        hint={reason ?? 'Attach images; they can be pasted and dropped, too'}
        onClick={() => (reason === undefined ? input.current?.click() : store.setImages(view.images, reason))}
      />
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={imageTypes.join()}
        onChange={({ currentTarget }) => {
          void store.addFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
    </>
  );
}
