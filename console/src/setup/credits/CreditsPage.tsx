import { useText } from "../../text/useText";
import { SetupPage } from "../SetupPage";
import { Balance } from "./Balance";
import { Usage } from "./Usage";
import "./credits.css";

export default function CreditsPage() {
  const { credits: text } = useText();
  return (
    <SetupPage title={text.title} lead={text.lead}>
      <Usage />
      <Balance />
    </SetupPage>
  );
}
