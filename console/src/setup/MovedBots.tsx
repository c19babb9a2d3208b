import { Redirect, useParams } from "wouter";

/** Bots stood in the set-up once: links to them still lead there. */
export default function MovedBots() {
  const { id = "" } = useParams();
  return <Redirect to={id === "" ? "/bots" : `/bots/${id}`} replace />;
}
