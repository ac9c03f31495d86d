/** What comes with a drag or a paste that can go along with a message. */

/** Text that is pasted or dragged beside a picture of itself, as from a table, is meant as text. */
export function hasFiles(data: DataTransfer | null): boolean {
  return data !== null && data.types.includes('Files') && !data.types.includes('text/plain');
}

/** Whether files of the editor are dragged, as from its explorer; which ones is only told when they are dropped. */
export function hasEditorFiles(data: DataTransfer | null): boolean {
  return data !== null && data.types.includes(editorUriList);
}

/** The addresses of the editor's files that were dropped. */
export function editorFiles(data: DataTransfer | null): readonly string[] {
  return (data?.getData(editorUriList) ?? '')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** VS Code's own, so that a link of another program stays a text. Its form is that of RFC 2483. */
const editorUriList = 'application/vnd.code.uri-list';
