/** jsdom measures nothing, and charts are drawn only where there is room: says that everything has some. */
export function measured(): void {
  const width = 640;
  const height = 280;
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  HTMLElement.prototype.getBoundingClientRect = () => new DOMRect(0, 0, width, height);
}
