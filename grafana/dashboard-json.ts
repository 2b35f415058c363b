/**
 * What Grafana takes for a dashboard, as the types of its SDK have it, strictly: of each panel also what the SDK's own types
 * leave open (options, custom look, queries), by the panel's kind. For JSON, where an enumeration is its values.
 */
import type * as common from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as text from '@grafana/grafana-foundation-sdk/text';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

type Json<T> = T extends string
  ? `${T}`
  : T extends number
    ? `${T}` extends `${infer N extends number}`
      ? N
      : T
    : T extends boolean | null | undefined
      ? T
      : T extends readonly (infer Item)[]
        ? Json<Item>[]
        : { [Key in keyof T as T[Key] extends (...args: never[]) => unknown ? never : Key]: Json<T[Key]> };

type Look<Custom> = Omit<Json<dashboard.FieldConfigSource>, 'defaults'> & {
  defaults: Omit<Json<dashboard.FieldConfig>, 'custom'> & { custom?: Custom };
};
type PanelJson<Type extends string, Options, Custom> = Omit<
  Json<dashboard.Panel>,
  'type' | 'options' | 'fieldConfig' | 'targets'
> & {
  type: Type;
  options: Json<Options>;
  fieldConfig?: Look<Custom>;
  targets?: Json<prometheus.Dataquery>[];
};
/** The SDK's type wants ids and panels of a row that is open; Grafana gives ids itself, and the panels follow it. */
type RowJson = Omit<Json<dashboard.RowPanel>, 'id' | 'panels'> & { id?: number; panels: [] };
type AnnotationJson = Omit<Json<dashboard.AnnotationQuery>, 'target'> & {
  /** Of the Prometheus datasource; the SDK knows them as strings. */
  expr: string;
  step: string;
};

export type DashboardJson = Omit<Json<dashboard.Dashboard>, 'panels' | 'annotations'> & {
  panels: (
    | RowJson
    | PanelJson<'text', text.Options, never>
    | PanelJson<'stat', stat.Options, never>
    | PanelJson<'timeseries', timeseries.Options, Json<common.GraphFieldConfig>>
  )[];
  annotations: { list?: AnnotationJson[] };
};
