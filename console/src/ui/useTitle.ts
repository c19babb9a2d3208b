import { useEffect } from "react";
import { useText } from "../text/useText";

/** Names the tab after what it shows. */
export function useTitle(title: string): void {
  const { app } = useText();
  useEffect(() => {
    document.title = app.titled(title);
  }, [app, title]);
}
