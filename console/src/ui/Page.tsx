import { Heading, Text } from "@radix-ui/themes";
import type { ReactNode } from "react";
import { arrive } from "./arrive";
import "./page.css";
import { useTitle } from "./useTitle";

interface PageProps {
  title: string;
  /** One sentence below the title: what there is to see. */
  lead?: string;
  /** The way to the pages beside it, above its title. */
  nav?: ReactNode;
  /** What can be done with the page as a whole, beside its title. */
  actions?: ReactNode;
  /** A page that fills the width with panes of its own has its title in them, for ears only here. */
  bare?: boolean;
  children: ReactNode;
}

/** The frame of every page: its title in the tab and at the top, where the focus goes on arrival. */
export function Page({ title, lead, nav, actions, bare = false, children }: PageProps) {
  useTitle(title);
  return (
    <main className={bare ? "page page-bare" : "page"} id="content" tabIndex={-1}>
      {nav}
      <div className={bare ? "unseen" : "page-head"}>
        <div>
          <Heading as="h1" size="7" ref={arrive} tabIndex={-1}>
            {title}
          </Heading>
          {lead && (
            <Text as="p" color="gray" size="3">
              {lead}
            </Text>
          )}
        </div>
        {actions && <div className="row">{actions}</div>}
      </div>
      {children}
    </main>
  );
}
