import { Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Crash } from "../ui/Crash";
import { Missing } from "./Missing";
import { PAGES } from "./pageMap";

/** The page at the address. One that crashes leaves the others usable. */
export function Pages() {
  const [location] = useLocation();
  return (
    <Crash key={location}>
      <Suspense fallback={<main className="page" aria-busy="true" />}>
        <Switch>
          {PAGES.map(({ path, page }) => (
            <Route key={path} path={path} component={page} />
          ))}
          <Route component={Missing} />
        </Switch>
      </Suspense>
    </Crash>
  );
}
