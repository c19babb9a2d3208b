import { Button, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "wouter";
import type { LatencyGroup } from "../api/latency";
import { useApi } from "../api/useApi";
import { useText } from "../text/useText";
import { EmptyState } from "../ui/EmptyState";
import { Page } from "../ui/Page";
import { Problem } from "../ui/Problem";
import { Section } from "../ui/Section";
import { SkeletonRows } from "../ui/SkeletonRows";
import { useInAddress } from "../ui/useInAddress";
import { latenciesQuery } from "./queries";
import { SeriesTable } from "./SeriesTable";
import { SlowestTurns } from "./SlowestTurns";
import { Splits } from "./Splits";
import { seriesOf } from "./series";
import { TimeChart } from "./TimeChart";
import { useStage } from "./useStage";
import { ViewBar } from "./ViewBar";
import { type Grid, gridOf, readView, type View, writeView } from "./view";
import "./latency.css";

export default function LatencyPage() {
  const { latency: text } = useText();
  const [view, change] = useInAddress(readView, writeView);
  const api = useApi();
  const grid = gridOf(view, new Date());
  const over = useQuery(latenciesQuery(api, view, grid.unit));
  const split = useQuery(latenciesQuery(api, view, view.by));
  const problem = over.error ?? split.error;
  const isMeasured = split.data?.some(({ stages }) => stages[view.stage].n > 0);
  return (
    <Page title={text.title} lead={text.lead}>
      <ViewBar view={view} onChange={change} />
      {problem && <Problem error={problem} onRetry={() => void over.refetch()} />}
      {!problem && (over.isPending || split.isPending) && <SkeletonRows count={8} />}
      {isMeasured === false && <Nothing />}
      {!problem && over.data && split.data && isMeasured && (
        <>
          <OverTime groups={over.data} grid={grid} view={view} />
          <div className="latency-parts">
            <Splits groups={split.data} view={view} onChange={change} />
            <SlowestTurns view={view} />
          </div>
        </>
      )}
    </Page>
  );
}

interface OverTimeProps {
  groups: readonly LatencyGroup[];
  grid: Grid;
  view: View;
}

function OverTime({ groups, grid, view }: OverTimeProps) {
  const { latency: text } = useText();
  const { name, meaning } = useStage()(view.stage);
  const { unit, stepS, firstS, lastS } = grid;
  const series = useMemo(
    () => seriesOf(groups, view.stage, { unit, stepS, firstS, lastS }),
    [groups, view.stage, unit, stepS, firstS, lastS],
  );
  return (
    <Section title={name} aside={<Text color="gray">{text.over[grid.unit]}</Text>}>
      <Text as="p" size="2" color="gray">
        {meaning}
      </Text>
      <TimeChart series={series} name={text.chart(name)} />
      <SeriesTable series={series} />
    </Section>
  );
}

function Nothing() {
  const { empty } = useText().latency;
  return (
    <EmptyState title={empty.title} body={empty.body}>
      <Button asChild>
        <Link href="/">{empty.action}</Link>
      </Button>
    </EmptyState>
  );
}
