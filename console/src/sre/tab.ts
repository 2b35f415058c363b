/** This browser tab: whether somebody can see it, and when they come back to it. */
export interface Tab {
  readonly isVisible: boolean;
  /** It is shown again, or the device is online again. */
  onReturn(listener: () => void): () => void;
}

export const browserTab: Tab = {
  get isVisible() {
    return document.visibilityState === 'visible';
  },
  onReturn(listener) {
    const shown = () => {
      if (document.visibilityState === 'visible') listener();
    };
    document.addEventListener('visibilitychange', shown);
    window.addEventListener('online', shown);
    return () => {
      document.removeEventListener('visibilitychange', shown);
      window.removeEventListener('online', shown);
    };
  },
};
