/**
 * The parts of @vscode/webview-ui-toolkit that the panel uses, as components. Nothing else imports the toolkit: it
 * is no longer developed, and this file is what another library would have to replace.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { h, type ComponentChildren } from 'preact';

/** Defines the elements. Called once, before the page has loaded: the toolkit reads the theme's colours then. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextArea(), vsCodeTextField());
}

export interface ButtonProps {
  readonly appearance: 'primary' | 'secondary' | 'icon';
  readonly title?: string;
  /** What a screen reader says; needed where the button shows only an icon. */
  readonly 'aria-label'?: string;
  readonly disabled?: boolean;
  readonly onClick: (event: MouseEvent) => void;
  readonly children: ComponentChildren;
}

export function Button(props: ButtonProps): ComponentChildren {
  return h('vscode-button', { ...props });
}

export interface TextInputProps {
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly invalid: boolean;
  /** The elements that explain the field to a screen reader, help text or an error. */
  readonly describedBy: readonly (Element | null)[];
  /** Shown while the field is empty. */
  readonly placeholder?: string;
  readonly class?: string;
  /** The label. */
  readonly children: ComponentChildren;
}

/** A text area that grows with its text (see `styles/form.css`). */
export function TextArea(props: TextInputProps): ComponentChildren {
  return textInput('vscode-text-area', props);
}

export function TextField(props: TextInputProps): ComponentChildren {
  return textInput('vscode-text-field', props);
}

export interface CheckboxProps {
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
  readonly children: ComponentChildren;
}

export function Checkbox({ checked, onChecked, children }: CheckboxProps): ComponentChildren {
  // The element also fires `change` when it is set from here.
  const onChange = ({ currentTarget }: { readonly currentTarget: EventTarget }) => {
    const now = (currentTarget as HTMLInputElement).checked;
    if (now !== checked) onChecked(now);
  };
  return h('vscode-checkbox', { checked, onChange }, children);
}

/** The element with its inner control, which the toolkit gives a shadow root of its own. */
interface ToolkitInput extends HTMLElement {
  readonly control?: HTMLElement;
}

function textInput(
  tag: string,
  { onText, invalid, describedBy, children, ...props }: TextInputProps,
): ComponentChildren {
  return h(
    tag,
    {
      ...props,
      'aria-invalid': invalid ? 'true' : undefined,
      onInput: ({ currentTarget }: { readonly currentTarget: EventTarget }) =>
        onText((currentTarget as HTMLTextAreaElement).value),
      ref: (element: ToolkitInput | null) => {
        // An id does not reach into a shadow root; an element does.
        if (element?.control)
          element.control.ariaDescribedByElements = describedBy.filter((part) => part !== null);
      },
    },
    children,
  );
}
