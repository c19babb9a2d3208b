import { VaartaCall } from "./VaartaCall";

// A page may name the script twice.
if (!customElements.get("vaarta-call")) customElements.define("vaarta-call", VaartaCall);
