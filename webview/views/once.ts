/** Run turns into Stop under the pointer: the second click of a double click must not stop what the first began. */
export function once(action: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (event.detail < 2) action();
  };
}
