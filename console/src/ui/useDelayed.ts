import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 350;

/**
 * What is being typed, told on once the typing pauses; a `value` that changes from elsewhere takes
 * its place.
 */
export function useDelayed(value: string, tell: (value: string) => void) {
  const [typed, setTyped] = useState(value);
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => latest.current(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return [typed, setTyped] as const;
}
