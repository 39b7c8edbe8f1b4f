// What the service sends, as far as the component reads it (OpenAPI: /openapi.json).

export type Option = { id: string; text: string; remaining?: number };
export type Ends = { from: number | null; to: number | null };
export type Prefilled = { value: string | number | boolean; source: string };
export type Question = {
  id: string;
  text: string;
  help: string | null;
  choose: "one" | "many" | "number" | "range";
  not_sure: boolean;
  unit: string | null;
  range: Ends | null;
  prefilled: Prefilled | null;
  options: Option[];
  from_profile?: { attribute: string; purpose: string } | null;
};
export type Questionnaire = { id: string; version: string; title: string; questions: Question[]; attributes?: Record<string, string> };
export type Reason = { question: string; text: string };
export type Product = { sku: string; name: string; price: number; currency: string; url: string | null; image: string | null };
export type Match = Product & { fits: Reason[]; misses: Reason[]; unknown: string[] };
export type Companion = Product & { kind: "must_have" | "nice_to_have"; because: string; for: string };
export type Suggestion = Product & { kind: string; because: { text: string; sku: string | null } };
export type WayOut = { give_up: string[]; remaining: number; best: Match[] };
export type State = {
  questionnaire: { id: string; version: string; locale: string };
  question: Question | null;
  progress: { answered: number; at_most: number };
  remaining: number;
  answers: Record<string, unknown>;
  set_aside: string[];
  outdated: string[];
  skipped: { question: string; because: string }[];
  prefilled: Record<string, Prefilled>;
  conflict: { answers: string[]; ways_out: WayOut[]; near_misses: Match[] } | null;
  widened: { question: string; by: number; text: string }[];
  show_results: boolean;
  shortlist: Match[];
  companions: Companion[];
  basis: { used: { attribute: string; purpose: string }[]; not_used_without_consent: string[] };
};
export type Attribute = {
  id: string; label: string; why: string; kind: string; purposes: string[]; sources: string[];
  retention_days: number | null; sensitive: boolean;
};
export type Purpose = { id: string; text: string; example: string; legal_basis: string };
export type NoticeRef = { id: string; version: string; language?: string };
export type Grant = { attribute: string; purpose: string; given_at: string; until: string | null; notice: NoticeRef };
