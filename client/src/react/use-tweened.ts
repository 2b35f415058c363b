import { useEffect, useRef, useState } from 'react';
import { isAtRest, tween } from './tween.ts';

/**
 * The value to draw for a progress of 0–1: it follows with an ease, frame by frame, and asks for frames only while it
 * moves. With reduced motion it steps.
 * @param lead how far it may run ahead while work goes on (LEAD), 0 when it stands
 */
export function useTweened(progress: number, reducedMotion: boolean, lead = 0): number {
  const [shown, setShown] = useState(progress);
  const current = useRef(progress);

  useEffect(() => {
    const aim = { target: progress, lead, reducedMotion };
    const show = (elapsedMs: number) => {
      current.current = tween({ ...aim, shown: current.current, elapsedMs });
      setShown(current.current);
    };
    if (reducedMotion || progress < current.current) show(0);
    if (isAtRest({ ...aim, shown: current.current })) return;
    let before: number | null = null;
    let frame = requestAnimationFrame(function step(now) {
      // A page that was hidden gets no frames: the first one after is not a leap.
      if (before !== null) show(Math.min(100, now - before));
      before = now;
      if (!isAtRest({ ...aim, shown: current.current })) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [progress, reducedMotion, lead]);

  return shown;
}
