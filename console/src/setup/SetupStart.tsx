import { Redirect } from "wouter";

/** The set-up begins with what everything else is reached with. */
export default function SetupStart() {
  return <Redirect to="/setup/keys" replace />;
}
