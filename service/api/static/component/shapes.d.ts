// The component's names for what the service sends; the shapes themselves are the API's own, generated into openapi.d.ts.

import type { components } from "./openapi.js";

type Shapes = components["schemas"];

export type State = Shapes["State"];
export type Question = Shapes["Question"];
export type Option = Question["options"][number];
export type Questionnaire = Shapes["Questionnaire"];
export type Written = Questionnaire["questions"][number];
export type Match = Shapes["Match"];
export type Product = Omit<Match, "fits" | "misses" | "unknown">;
export type Companion = Shapes["Companion"];
export type Suggestion = Shapes["Suggestions"]["suggestions"][number];
export type Handover = Shapes["Handover"];
export type Attribute = Shapes["Attributes"]["attributes"][number];
export type Purpose = Shapes["Purposes"]["purposes"][number];
export type Notice = Shapes["Notice"];
export type Grant = Shapes["Grant"];
export type Known = Shapes["MyData"]["values"][number];
