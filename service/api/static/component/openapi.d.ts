// Generated from the OpenAPI document by `make types`: the shapes of what the service takes and sends.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Error: {
            /** @description Error code */
            code?: number;
            /** @description Error name */
            status?: string;
            /** @description Error message */
            message?: string;
            /** @description Errors */
            errors?: {
                [key: string]: unknown;
            };
        };
        PaginationMetadata: {
            /** @description Total number of items. */
            total?: number;
            /** @description Total number of pages. */
            total_pages?: number;
            /** @description First available page number. */
            first_page?: number;
            /** @description Last available page number. */
            last_page?: number;
            /** @description Current page number. */
            page?: number;
            /** @description Previous page number. */
            previous_page?: number;
            /** @description Next page number. */
            next_page?: number;
        };
        Questionnaires: {
            questionnaires: {
                id: string;
                version: string;
                title: string;
                languages: string[];
            }[];
        };
        Questionnaire: {
            id: string;
            version: string;
            locale: string;
            title: string;
            languages: string[];
            questions: {
                id: string;
                text: string;
                help: string | null;
                /** @enum {string} */
                choose: "one" | "many" | "number" | "range";
                /** @enum {string} */
                effect: "require" | "filter" | "prefer";
                not_sure: boolean;
                unit: string | null;
                /** @description The profile's value that answers it, with consent. */
                from_profile: {
                    attribute: string;
                    purpose: string;
                } | null;
                options: {
                    id: string;
                    text: string;
                }[];
            }[];
            /** @description Labels of the products' attributes, as `unknown` names them. */
            attributes: {
                [key: string]: string;
            };
        };
        State: {
            questionnaire: {
                id: string;
                version: string;
                locale: string;
            };
            question: components["schemas"]["Question"] | null;
            progress: {
                answered: number;
                at_most: number;
            };
            /** @description Different products that are left; variants of one model count once. */
            remaining: number;
            answers: {
                [key: string]: string | string[] | number | {
                    from?: number | null;
                    to?: number | null;
                } | null;
            };
            /** @description Questions that the consented profile answers. */
            prefilled: {
                [key: string]: components["schemas"]["Prefilled"];
            };
            /** @description Answered questions that are off the path; kept, and counted again later. */
            set_aside: string[];
            /** @description In a session whose questionnaire was changed meanwhile: questions whose answer no longer counts. */
            outdated: string[];
            skipped: {
                question: string;
                /** @enum {string} */
                because: "no_difference" | "prefilled";
            }[];
            conflict: components["schemas"]["Conflict"] | null;
            /** @description Answers that count wider than given, by so many per cent, because nothing would have fitted. */
            widened: {
                question: string;
                by: number;
                text: string;
            }[];
            /** @description Whether the questionnaire wants the shortlist to be shown already. */
            show_results: boolean;
            /** @description Answers given here that the shopper may let the shop remember; the same for everybody. */
            remember: {
                question: string;
                attribute: string;
                purpose: string;
            }[];
            /** @description Best first. */
            shortlist: components["schemas"]["Match"][];
            companions: components["schemas"]["Companion"][];
            basis: components["schemas"]["Basis"];
        };
        Question: {
            id: string;
            text: string;
            help: string | null;
            /** @enum {string} */
            choose: "one" | "many" | "number" | "range";
            /** @enum {string} */
            effect: "require" | "filter" | "prefer";
            not_sure: boolean;
            unit: string | null;
            range: {
                from: number | null;
                to: number | null;
            } | null;
            prefilled: components["schemas"]["Prefilled"] | null;
            options: {
                id: string;
                text: string;
                /** @description Products left if this option is chosen. */
                remaining: number;
            }[];
        };
        Prefilled: {
            value: string | number | boolean;
            source: string;
        };
        Conflict: {
            answers: string[];
            /** @description Smallest sets of answers to give up, with the best products that are then left. */
            ways_out: {
                give_up: string[];
                remaining: number;
                best: components["schemas"]["Match"][];
            }[];
            /** @description Products that miss fewest of the answers. */
            near_misses: components["schemas"]["Match"][];
        };
        Reason: {
            question: string;
            text: string;
        };
        Match: {
            sku: string;
            name: string;
            price: number;
            currency: string;
            url: string | null;
            image: string | null;
            fits: components["schemas"]["Reason"][];
            misses: components["schemas"]["Reason"][];
            /** @description Attributes that matter here and that the catalogue does not state. */
            unknown: string[];
        };
        Companion: {
            sku: string;
            name: string;
            price: number;
            currency: string;
            url: string | null;
            image: string | null;
            /** @enum {string} */
            kind: "must_have" | "nice_to_have";
            because: string;
            /** @description The sku of the product that it goes with. */
            for: string;
        };
        Basis: {
            used: {
                attribute: string;
                purpose: string;
            }[];
            not_used_without_consent: string[];
        };
        Handover: {
            /** @description Nine letters in groups of three, to be read aloud. */
            code: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            expires_at: string;
        };
        NewSession: {
            id: string;
            /** @description The only key to this session; shown once. */
            token: string;
            state: components["schemas"]["State"];
        };
        Insights: {
            questionnaire: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** @description Every figure is rounded down to a multiple of this. */
            rounded_to: number;
            versions: components["schemas"]["InsightsOfVersion"][];
        };
        InsightsOfVersion: {
            version: string;
            in_force: boolean;
            questions: components["schemas"]["InsightsOfQuestion"][];
            /** @description Dialogues' ends: no question was left, and products were shown. */
            shortlist_shown: number;
            products_chosen: {
                sku: string;
                count: number;
            }[];
        };
        InsightsOfQuestion: {
            id: string;
            shown: number;
            answered: number;
            not_sure: number;
            taken_back: number;
            /** @description Sessions that expired while this question was open. */
            left_here: number;
            conflicts: number;
            ways_out_taken: number;
            options: {
                id: string;
                answered: number;
            }[];
        };
        ChoiceCounted: {
            counted: boolean;
        };
        Preview: {
            questionnaires: components["schemas"]["QuestionnaireHeading"][];
            products: number;
            /** @description The longest body that a preview takes. */
            largest_bytes: number;
            /** @description How long a preview may take. */
            seconds: number;
        };
        QuestionnaireHeading: {
            id: string;
            version: string;
            title: string;
            languages: string[];
        };
        PreviewCheck: {
            /** @description Null if its form is broken. */
            questionnaire: components["schemas"]["QuestionnaireHeading"] | null;
            /** @description In the order of the file. */
            problems: components["schemas"]["Complaint"][];
            /** @description Whether it can be played, drawn and compared; failing author tests do not matter. */
            playable: boolean;
            /** @description Whether the service would take this file. */
            publishable: boolean;
            /** @description Whether the time sufficed to look for everything that may be odd. */
            complete: boolean;
            /** @description The version in force under this id. */
            published: string | null;
        };
        Complaint: {
            line: number;
            column: number;
            /** @enum {string} */
            severity: "error" | "warning" | "note";
            code: string;
            message: string;
        };
        PreviewCoverage: {
            locale: string;
            /** @description Different products that may be shown. */
            models: number;
            questions: {
                id: string;
                text: string;
                /** @enum {string} */
                choose: "one" | "many" | "number" | "range";
                /** @enum {string} */
                effect: "require" | "filter" | "prefer";
                /** @description 1 where every answer gets as many products, 0 where one gets them all. */
                evenness: number;
                /** @description Products that say nothing of what is asked. */
                not_stated: number;
                answers: {
                    text: string;
                    fits: number;
                    share: number;
                }[];
            }[];
            never_shown: {
                proven: {
                    sku: string;
                    name: string;
                }[];
                sampled: {
                    sku: string;
                    name: string;
                }[];
                models_looked_at: number;
                paths: number;
            };
            gaps: {
                complete: boolean;
                combinations: number;
                /** @description Answers that no product meets together. */
                found: {
                    question: string;
                    text: string;
                }[][];
            };
        };
        PreviewGraph: {
            title: string;
            questions: {
                id: string;
                line: number;
                text: string;
                /** @enum {string} */
                choose: "one" | "many" | "number" | "range";
                /** @enum {string} */
                effect: "require" | "filter" | "prefer";
                /** @enum {string|null} */
                weight: "low" | "medium" | "high" | null;
                options: string[];
                /** @description The condition in words; null if it is always asked. */
                only_if: string | null;
            }[];
            /** @description By places, from 0. */
            arrows: {
                from: number;
                to: number;
                conditional: boolean;
            }[];
        };
        PreviewComparison: {
            version: string;
            /** @description The version in force under this id; null if there is none. */
            published: string | null;
            /** @description Whether both mean the same. */
            same: boolean;
            changes: components["schemas"]["Change"][];
            before: components["schemas"]["Outcome"] | null;
            after: components["schemas"]["Outcome"];
        };
        Change: {
            /** @enum {string} */
            what: "questionnaire" | "question" | "answer" | "rule";
            id: string;
            /** @description The question of an answer. */
            within: string | null;
            /** @enum {string} */
            how: "added" | "removed" | "altered";
            fields: {
                name: string;
                before: string | null;
                after: string | null;
            }[];
        };
        Outcome: {
            state: components["schemas"]["State"];
            /** @description Questions whose answer was left out here. */
            not_taken: string[];
        };
        Purposes: {
            purposes: {
                id: string;
                text: string;
                example: string;
                /** @enum {string} */
                legal_basis: "contract" | "consent";
                /** @description after so many days a consent ends by itself */
                valid_for_days: number | null;
                terms: {
                    /** @description in the W3C Data Privacy Vocabulary */
                    dpv: string;
                    /** @description in fideslang */
                    fideslang: string;
                };
            }[];
        };
        Attributes: {
            attributes: {
                id: string;
                label: string;
                why: string;
                /** @enum {string} */
                kind: "text" | "number" | "boolean" | "behaviour";
                purposes: string[];
                sources: string[];
                retention_days: number | null;
                sensitive: boolean;
            }[];
        };
        Notice: {
            id: string;
            version: string;
            language: string;
            /** @description sha256 of the text */
            hash: string;
            text: string;
            processing: components["schemas"]["Processing"] | null;
        };
        Processing: {
            /** @description who is responsible; like the rest the same for every consent under the notice */
            controller: string;
            contact: string;
            officer: string | null;
            authority: string | null;
            jurisdiction: string | null;
            recipients: string[];
            third_countries: string[];
            /** @description how consent is taken back */
            withdrawal: string | null;
        };
        Notices: {
            notices: components["schemas"]["Notice"][];
        };
        ShownNotice: {
            id: string;
            version: string;
            language: string;
            hash: string;
        };
        Decision: {
            attribute: string;
            purpose: string;
            source: string | null;
            given: boolean;
            /** @enum {string} */
            outcome: "given" | "refused" | "withdrawn" | "expired";
        };
        Grant: {
            attribute: string;
            purpose: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            given_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            until: string | null;
            notice: components["schemas"]["ShownNotice"];
            sources: string[];
        };
        ConsentEvent: {
            id: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            at: string;
            notice: components["schemas"]["ShownNotice"] | null;
            decisions: components["schemas"]["Decision"][];
            grants: components["schemas"]["Grant"][];
            head: components["schemas"]["LedgerHead"];
        };
        LedgerHead: {
            /** @description how many entries the ledger had */
            position: number;
            /** @description the last entry's */
            hash: string;
            key: string;
            /** @description HMAC-SHA256; whoever holds an old head can have the ledger checked against it */
            signature: string;
        };
        MyData: {
            values: {
                attribute: string;
                /** @description as it was collected */
                value: string | number | boolean;
                source: string;
                source_ref: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                collected_at: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                stored_at: string;
                /** @description what it may serve now */
                purposes: string[];
                /** @description for which of them it counts, and no other source's value */
                counts_for: string[];
                last_use: {
                    /** Format: date */
                    on: string;
                    purpose: string;
                } | null;
            }[];
            conflicts: {
                attribute: string;
                purpose: string;
                /** @description the source whose value counts for the purpose */
                counts: string;
                /** @description sources whose values are kept and are not the same */
                differ: string[];
            }[];
            /** @description how many records of each kind are kept */
            records: {
                [key: string]: number;
            };
        };
        Export: {
            format: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            exported_at: string;
            /** @description the pseudonym under which everything is kept */
            shopper: string;
            values: Record<string, never>[];
            grants: Record<string, never>[];
            consent_records: Record<string, never>[];
            /** @description everything, table by table */
            records: {
                [key: string]: Record<string, never>[];
            };
        };
        Erasure: {
            id: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            at: string;
            head: components["schemas"]["LedgerHead"];
        };
        Remembered: {
            /** @description whether a current consent let the answer be kept */
            stored: boolean;
        };
        Recorded: {
            /** @description whether a current consent let it be kept */
            stored: boolean;
        };
        BlockedTopics: {
            topics: string[];
            /** @description topics and categories */
            may_be_blocked: string[];
        };
        Consents: {
            grants: components["schemas"]["Grant"][];
        };
        Gpc: {
            gpc: boolean;
            /** Format: date */
            lastUpdate: string;
        };
        ShopperToken: {
            token: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            expires_at: string;
        };
        Acceptance: {
            accepted: number;
            refused: {
                index: number;
                attribute: string;
                /** @enum {string} */
                reason: "unknown_attribute" | "not_a_value" | "source_not_allowed" | "wrong_type" | "no_provenance" | "not_yet" | "too_old" | "no_consent";
            }[];
        };
        Suggestions: {
            suggestions: components["schemas"]["Suggestion"][];
            basis: components["schemas"]["Basis"];
            without_consent: string[] | null;
            model: {
                version: string;
            } | null;
            /** @enum {string|null} */
            degraded: "past_orders_only" | "popular_only" | "no_model" | null;
            unknown_skus: string[];
        };
        Suggestion: {
            sku: string;
            name: string;
            price: number;
            currency: string;
            url: string | null;
            image: string | null;
            rank: number;
            /** @enum {string} */
            kind: "must_have" | "due_again" | "bought_together" | "similar_baskets" | "nice_to_have" | "popular";
            because: {
                text: string;
                sku: string | null;
            };
        };
        Counted: {
            counted: boolean;
        };
        Models: {
            models: {
                version: string;
                in_service: boolean;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                trained_at: string;
                orders: number | null;
                refused: string | null;
            }[];
            refused: string | null;
        };
        Model: {
            version: string;
            in_service: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            trained_at: string;
            orders: number | null;
            refused: string | null;
            told: Record<string, never> | null;
        };
        PrunedModels: {
            removed: string[];
            models: {
                version: string;
                in_service: boolean;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                trained_at: string;
                orders: number | null;
                refused: string | null;
            }[];
            refused: string | null;
        };
        Problem: {
            /** @description A relative address that names the kind and tells more about it. */
            type: string;
            title: string;
            status: number;
            detail: string;
            errors: components["schemas"]["FieldError"][];
        };
        FieldError: {
            /** @description JSON pointer (RFC 6901) to the field in the body */
            pointer?: string;
            /** @description the query parameter, where it is none of the body */
            parameter?: string;
            detail: string;
        };
        Alive: {
            /** @enum {string} */
            status: "alive";
        };
        Ready: {
            /** @enum {string} */
            status: "ready" | "not_ready";
            /** @enum {string} */
            database: "ready" | "not_ready";
            catalogue: {
                products: number;
                version: string;
                refused: string[];
            };
            questionnaires: {
                published: string[];
                refused: string[];
            };
            model: {
                version: string | null;
                refused: string | null;
            };
            ledger: {
                refused: string | null;
            };
        };
        Figures: string;
        AdviceRequest: {
            /** @description The questionnaire's id. */
            questionnaire: string;
            /** @description question -> answer */
            answers?: {
                [key: string]: string | string[] | number | {
                    from?: number | null;
                    to?: number | null;
                } | null;
            };
            /**
             * @description BCP 47; Accept-Language counts where it is absent
             * @default null
             * @example de
             */
            locale: string | null;
        };
        SessionRequest: {
            /** @description The questionnaire's id. */
            questionnaire: string;
            /**
             * @description BCP 47; Accept-Language counts where it is absent
             * @default null
             * @example de
             */
            locale: string | null;
            /**
             * @description Where the shopper is: web, app, shop …
             * @default web
             */
            channel: string;
        };
        AnswerRequest: {
            /** @description one: an id; many: a list of ids; number: a number; range: {from, to}, either may be absent; not sure: "not_sure"; null: ask me although my profile would answer it */
            value: string | string[] | number | {
                from?: number | null;
                to?: number | null;
            } | null;
        };
        CrossSellRequest: {
            /** @description Skus; unknown ones are no error. */
            basket: string[];
            /**
             * @description product: `basket` holds what is looked at; basket: what is in it; after_purchase: what was just bought, which is not suggested again.
             * @default basket
             * @enum {string}
             */
            occasion: "product" | "basket" | "after_purchase";
            /** @default 5 */
            limit: number;
            /**
             * @description BCP 47; Accept-Language counts where it is absent
             * @default null
             * @example de
             */
            locale: string | null;
        };
        OutcomeReport: {
            /** @enum {string} */
            kind: "must_have" | "due_again" | "bought_together" | "similar_baskets" | "nice_to_have" | "popular";
            /** @enum {string} */
            outcome: "clicked" | "bought";
        };
        NoticeReference: {
            /** @description The notice's id. */
            id: string;
            /** @description Its version. */
            version: string;
            /** @description The language in which it was shown. */
            language: string;
        };
        OneDecision: {
            /** @description The attribute's id. */
            attribute: string;
            /** @description The purpose's id. */
            purpose: string;
            given: boolean;
            /**
             * @description Only values from this source; all declared ones where it is absent.
             * @default null
             */
            source: string | null;
        };
        ConsentEventRequest: {
            notice: components["schemas"]["NoticeReference"];
            decisions: components["schemas"]["OneDecision"][];
        };
        RememberRequest: {
            /** @description The questionnaire's id. */
            questionnaire: string;
            /** @description The question's id. */
            question: string;
            /** @description one: an id; many: a list of ids; number: a number; range: {from, to}, either may be absent; not sure: "not_sure"; null: ask me although my profile would answer it */
            value: string | string[] | number | {
                from?: number | null;
                to?: number | null;
            } | null;
        };
        InteractionRequest: {
            /** @enum {string} */
            kind: "view" | "basket" | "purchase";
            sku: string;
        };
        TopicsRequest: {
            /** @description Topics or categories; `may_be_blocked` of the reply names them. */
            topics: string[];
        };
        TokenRequest: {
            /**
             * @description In years, where it is known: below the age of consent only a guardian may give.
             * @default null
             */
            age: number | null;
            /**
             * @description A guardian acts for the shopper.
             * @default false
             */
            guardian: boolean;
        };
        Value: {
            /** @description The attribute's id. */
            attribute: string;
            value: string | number | boolean;
            /** @description The silo that it comes from. */
            source: string;
            /** @description Its place there. */
            source_ref: string;
            /**
             * Format: date-time
             * @description When it was collected there.
             */
            collected_at: string;
        };
        Delivery: {
            values: components["schemas"]["Value"][];
        };
        MergeRequest: {
            /** @description The shop's reference of the identity that is gone afterwards. */
            other: string;
        };
        PruneRequest: {
            /**
             * @description Newest first; the one in service always stays.
             * @default 5
             */
            keep: number;
        };
        ChoiceRequest: {
            /** @description The product's sku. */
            sku: string;
        };
        PreviewRequest: {
            /** @description The whole file's text. */
            yaml: string;
            /**
             * @description The file's name, which is held against the questionnaire's id.
             * @default null
             * @example a.yaml
             */
            name: string | null;
            /**
             * @description BCP 47; Accept-Language counts where it is absent
             * @default null
             * @example de
             */
            locale: string | null;
        };
        PlayedRequest: {
            /** @description The whole file's text. */
            yaml: string;
            /**
             * @description The file's name, which is held against the questionnaire's id.
             * @default null
             * @example a.yaml
             */
            name: string | null;
            /**
             * @description BCP 47; Accept-Language counts where it is absent
             * @default null
             * @example de
             */
            locale: string | null;
            /** @description question -> answer */
            answers?: {
                [key: string]: string | string[] | number | {
                    from?: number | null;
                    to?: number | null;
                } | null;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Names this request in the service's log. */
        "X-Request-Id": string;
        /** @description The language of the reply's texts. */
        "Content-Language": string;
        /** @description Where the new resource is. */
        Location: string;
        /** @description Which kind of token is wanted. */
        "WWW-Authenticate": string;
        /** @description Seconds to wait before another try. */
        "Retry-After": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
