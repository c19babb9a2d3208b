import { ArrowLeftIcon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { DELIVERY_STATUSES, type Delivery, type DeliveryStatus } from "../../api/deliveries";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { AnyField } from "../../ui/AnyField";
import { EmptyState } from "../../ui/EmptyState";
import { Problem } from "../../ui/Problem";
import "../../ui/filters.css";
import { PagedList } from "../../lists/PagedList";
import { SetupPage } from "../SetupPage";
import { DeliveryDialog } from "./DeliveryDialog";
import { DeliveryTable } from "./DeliveryTable";
import { deliveryListQuery, webhookQuery } from "./queries";

/** The address of the log that is no endpoint's. */
const SESSIONS = "sessions";

/** The log of one endpoint, or of the URLs that sessions brought along. */
export default function DeliveriesPage() {
  const { webhooks: text } = useText();
  const { id } = useParams<{ id: string }>();
  const api = useApi();
  const log = id === SESSIONS ? null : id;
  const webhook = useQuery({ ...webhookQuery(api, id), enabled: log !== null });
  const [status, setStatus] = useState<DeliveryStatus | "">("");
  const [opened, setOpened] = useState<Delivery | null>(null);
  return (
    <SetupPage
      title={text.log.title}
      lead={log === null ? text.log.sessionsLead : webhook.data?.url}
      actions={
        <Button asChild variant="soft">
          <Link href="/setup/webhooks">
            <ArrowLeftIcon aria-hidden /> {text.title}
          </Link>
        </Button>
      }
    >
      {webhook.error ? (
        <Problem error={webhook.error} onRetry={() => void webhook.refetch()} />
      ) : (
        <>
          <div className="filters">
            <AnyField
              label={text.log.status}
              value={status}
              choices={DELIVERY_STATUSES.map((one) => ({ id: one, label: text.statuses[one] }))}
              onChange={(one) => setStatus(one as DeliveryStatus | "")}
            />
          </div>
          <PagedList
            query={deliveryListQuery(api, log, status)}
            empty={<EmptyState {...(status === "" ? text.log.empty : text.log.noneOfStatus)} />}
          >
            {(deliveries) => <DeliveryTable deliveries={deliveries} onOpen={setOpened} />}
          </PagedList>
        </>
      )}
      {opened && <DeliveryDialog log={log} of={opened} onClose={() => setOpened(null)} />}
    </SetupPage>
  );
}
