import { ReloadIcon } from "@radix-ui/react-icons";
import { Button, Callout } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import type { Status } from "../../api/status";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { Moment } from "../../ui/Moment";
import { Problem } from "../../ui/Problem";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { SetupPage } from "../SetupPage";
import { CheckTable } from "./CheckTable";
import { statusQuery } from "./queries";
import { TalkSection } from "./TalkSection";
import "./doctor.css";

/** Whether everything is there that a session needs, and what to do if it is not. */
export default function DoctorPage() {
  const { doctor: text } = useText();
  const { data, error, isPending, isFetching, refetch } = useQuery(statusQuery(useApi()));
  return (
    <SetupPage
      title={text.title}
      lead={text.lead}
      actions={
        <Button variant="soft" loading={isFetching} onClick={() => void refetch()}>
          <ReloadIcon aria-hidden /> {text.refresh}
        </Button>
      }
    >
      {isPending && <SkeletonRows count={6} />}
      {error && <Problem error={error} />}
      {data === null && (
        <Callout.Root color="gray" highContrast>
          <Callout.Text>{text.notTold}</Callout.Text>
        </Callout.Root>
      )}
      {data && <Checked status={data} isOld={error !== null} />}
      {data && <TalkSection />}
    </SetupPage>
  );
}

/** `isOld`: it could not be asked anew, so what is shown may no longer be so. */
function Checked({ status, isOld }: { status: Status; isOld: boolean }) {
  const { doctor: text } = useText();
  const workers = status.workers ?? null;
  const isWell = status.ok && workers?.length !== 0;
  const verdict = isOld ? "old" : isWell ? "ok" : "missing";
  const colour = { old: "amber", ok: "green", missing: "red" } as const;
  return (
    <>
      <Callout.Root color={colour[verdict]} role="status" highContrast>
        <Callout.Text>
          {text.verdicts[verdict]} {text.checked} <Moment at={status.checked_at} />
        </Callout.Text>
      </Callout.Root>
      <CheckTable checks={status.checks} workers={workers} isOld={isOld} />
    </>
  );
}
