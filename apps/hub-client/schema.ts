/** Generated from the hub's OpenAPI document: "npm run generate:hub-client". Not edited by hand. */
export type paths = {
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit chain, newest first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                action: string;
                                actor: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                at: string;
                                hash: string;
                                seq: number;
                                subject: string;
                                text: string;
                            }[];
                            nextCursor?: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recomputes the whole chain; names the first broken link */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: number;
                            head: string;
                            /** @enum {boolean} */
                            ok: true;
                        } | {
                            brokenAt: number;
                            entries: number;
                            /** @enum {boolean} */
                            ok: false;
                            problem: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/automation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What may be done without people, where and why; open breakers and drift */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            breakers: {
                                kind: string;
                                reason: string;
                                sku?: string;
                                store: string;
                                storeName: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                trippedAt: string;
                            }[];
                            drift: {
                                caseId: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                since: string;
                                store: string;
                                storeName: string;
                                text: string;
                            }[];
                            standings: {
                                isEarned: boolean;
                                /** @enum {unknown} */
                                kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                                lowerBound: number;
                                /** @enum {unknown} */
                                option: "count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain";
                                outcomes: number;
                                /** @enum {unknown} */
                                policyTier: "observe" | "recommend" | "automate" | "escalate";
                                reason: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                since: string;
                                store: string;
                                storeName: string;
                                successes: number;
                                target: number;
                                /** @enum {unknown} */
                                tier: "observe" | "recommend" | "automate" | "escalate";
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cases, newest change first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    kind?: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                    state?: "open" | "proposed" | "awaiting-approval" | "approved" | "acting" | "resolved" | "observing" | "declined" | "expired" | "failed" | "undoing" | "undone" | "escalated";
                    store?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                confidence: number;
                                /** @description ISO 8601 UTC with milliseconds */
                                dueAt: string;
                                exposure: {
                                    currency: string;
                                    minor: number;
                                };
                                headline: string;
                                id: string;
                                /** @enum {unknown} */
                                kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                                name?: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                openedAt: string;
                                order?: string;
                                sku?: string;
                                /** @enum {unknown} */
                                state: "open" | "proposed" | "awaiting-approval" | "approved" | "acting" | "resolved" | "observing" | "declined" | "expired" | "failed" | "undoing" | "undone" | "escalated";
                                store: string;
                                storeName: string;
                                /** @enum {unknown} */
                                tier: "observe" | "recommend" | "automate" | "escalate";
                                /** @description ISO 8601 UTC with milliseconds */
                                updatedAt: string;
                            }[];
                            nextCursor?: string;
                            total: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One case with its timeline and its scored options */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            allowed: string[];
                            case: {
                                confidence: number;
                                /** @description ISO 8601 UTC with milliseconds */
                                dueAt: string;
                                exposure: {
                                    currency: string;
                                    minor: number;
                                };
                                headline: string;
                                id: string;
                                /** @enum {unknown} */
                                kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                                name?: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                openedAt: string;
                                order?: string;
                                sku?: string;
                                /** @enum {unknown} */
                                state: "open" | "proposed" | "awaiting-approval" | "approved" | "acting" | "resolved" | "observing" | "declined" | "expired" | "failed" | "undoing" | "undone" | "escalated";
                                store: string;
                                storeName: string;
                                /** @enum {unknown} */
                                tier: "observe" | "recommend" | "automate" | "escalate";
                                /** @description ISO 8601 UTC with milliseconds */
                                updatedAt: string;
                            };
                            options: {
                                chosen: boolean;
                                expected: {
                                    currency: string;
                                    minor: number;
                                };
                                id: string;
                                /** @enum {unknown} */
                                option: "count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain";
                                spread: {
                                    currency: string;
                                    minor: number;
                                };
                                steps: string[];
                                successProbability: number;
                                terms: {
                                    minor: number;
                                    name: string;
                                }[];
                                text: string;
                                undo?: string;
                            }[];
                            policyVersion: string;
                            timeline: {
                                actor: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                at: string;
                                source: string;
                                text: string;
                            }[];
                            transferId?: string;
                            workflowVersion: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve, decline or pass on; the same id counts once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        id: string;
                        optionId?: string;
                        reason?: string;
                        verdict: "approve" | "decline" | "escalate";
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            allowed: string[];
                            case: {
                                confidence: number;
                                /** @description ISO 8601 UTC with milliseconds */
                                dueAt: string;
                                exposure: {
                                    currency: string;
                                    minor: number;
                                };
                                headline: string;
                                id: string;
                                /** @enum {unknown} */
                                kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                                name?: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                openedAt: string;
                                order?: string;
                                sku?: string;
                                /** @enum {unknown} */
                                state: "open" | "proposed" | "awaiting-approval" | "approved" | "acting" | "resolved" | "observing" | "declined" | "expired" | "failed" | "undoing" | "undone" | "escalated";
                                store: string;
                                storeName: string;
                                /** @enum {unknown} */
                                tier: "observe" | "recommend" | "automate" | "escalate";
                                /** @description ISO 8601 UTC with milliseconds */
                                updatedAt: string;
                            };
                            options: {
                                chosen: boolean;
                                expected: {
                                    currency: string;
                                    minor: number;
                                };
                                id: string;
                                /** @enum {unknown} */
                                option: "count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain";
                                spread: {
                                    currency: string;
                                    minor: number;
                                };
                                steps: string[];
                                successProbability: number;
                                terms: {
                                    minor: number;
                                    name: string;
                                }[];
                                text: string;
                                undo?: string;
                            }[];
                            policyVersion: string;
                            timeline: {
                                actor: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                at: string;
                                source: string;
                                text: string;
                            }[];
                            transferId?: string;
                            workflowVersion: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Computes the decisions of a case again from their kept inputs */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            problem?: string;
                            rounds: number;
                            same: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take back what was done, as far as the world allows */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        id: string;
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            allowed: string[];
                            case: {
                                confidence: number;
                                /** @description ISO 8601 UTC with milliseconds */
                                dueAt: string;
                                exposure: {
                                    currency: string;
                                    minor: number;
                                };
                                headline: string;
                                id: string;
                                /** @enum {unknown} */
                                kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                                name?: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                openedAt: string;
                                order?: string;
                                sku?: string;
                                /** @enum {unknown} */
                                state: "open" | "proposed" | "awaiting-approval" | "approved" | "acting" | "resolved" | "observing" | "declined" | "expired" | "failed" | "undoing" | "undone" | "escalated";
                                store: string;
                                storeName: string;
                                /** @enum {unknown} */
                                tier: "observe" | "recommend" | "automate" | "escalate";
                                /** @description ISO 8601 UTC with milliseconds */
                                updatedAt: string;
                            };
                            options: {
                                chosen: boolean;
                                expected: {
                                    currency: string;
                                    minor: number;
                                };
                                id: string;
                                /** @enum {unknown} */
                                option: "count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain";
                                spread: {
                                    currency: string;
                                    minor: number;
                                };
                                steps: string[];
                                successProbability: number;
                                terms: {
                                    minor: number;
                                    name: string;
                                }[];
                                text: string;
                                undo?: string;
                            }[];
                            policyVersion: string;
                            timeline: {
                                actor: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                at: string;
                                source: string;
                                text: string;
                            }[];
                            transferId?: string;
                            workflowVersion: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Devices known to the hub */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    /** @description default 200, at most 500 */
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        /** @description rel="next" where the list goes on */
                        link?: unknown;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601 UTC with milliseconds */
                            enrolledAt: string;
                            epoch: number;
                            hasCode: boolean;
                            id: string;
                            isRotating: boolean;
                            /** @description ISO 8601 UTC with milliseconds */
                            lastSeenAt?: string;
                            online: boolean;
                            revokedReason?: string;
                            state: "active" | "fenced" | "revoked";
                            store: string;
                            version?: string;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/{id}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Withdraws a device’s access at once; its screen says why */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description shown on the device */
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601 UTC with milliseconds */
                            enrolledAt: string;
                            epoch: number;
                            hasCode: boolean;
                            id: string;
                            isRotating: boolean;
                            /** @description ISO 8601 UTC with milliseconds */
                            lastSeenAt?: string;
                            online: boolean;
                            revokedReason?: string;
                            state: "active" | "fenced" | "revoked";
                            store: string;
                            version?: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/{id}/rotation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new secret for a device; the present one holds until the new one is used */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601 UTC with milliseconds */
                            enrolledAt: string;
                            epoch: number;
                            hasCode: boolean;
                            id: string;
                            isRotating: boolean;
                            /** @description ISO 8601 UTC with milliseconds */
                            lastSeenAt?: string;
                            online: boolean;
                            revokedReason?: string;
                            state: "active" | "fenced" | "revoked";
                            store: string;
                            version?: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Codes that still wait for their device */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            by: string;
                            device: string;
                            /** @description ISO 8601 UTC with milliseconds */
                            expiresAt: string;
                            id: string;
                            store: string;
                            wrongTries: number;
                        }[];
                    };
                };
            };
        };
        put?: never;
        /** A one-time code for a device of a store; shown once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        device?: string;
                        /** @description default 60 */
                        minutes?: number;
                        store: string;
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ABCD-EFGH */
                            code: string;
                            device: string;
                            /** @description ISO 8601 UTC with milliseconds */
                            expiresAt: string;
                            fingerprint?: string;
                            id: string;
                            store: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enrolment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A device redeems its code; the same key may ask again and gets the same answer */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description ABCD-EFGH */
                        code: string;
                        /** @description Ed25519, SPKI PEM */
                        publicKeyPem: string;
                        /** @description Ed25519, base64 */
                        signature: string;
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601 UTC with milliseconds */
                            at: string;
                            broker: {
                                caPem?: string;
                                url: string;
                                username: string;
                            };
                            device: string;
                            /** @description Ed25519, SPKI PEM */
                            hubPublicKeyPem: string;
                            secret: {
                                generation: number;
                                password: string;
                            };
                            store: {
                                currency: string;
                                id: string;
                                name: string;
                                /** @description IANA name */
                                timeZone: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enrolment/standing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A device that the broker does not let in asks why */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        device: string;
                        /** @description Ed25519, base64 */
                        signature: string;
                        store: string;
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            state: "active";
                        } | {
                            reason: string;
                            /** @enum {string} */
                            state: "revoked";
                        } | {
                            /** @enum {string} */
                            state: "replaced";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events: what to load again */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A stream of HubChangeEvent */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything the hub measures about itself, computed from its log */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accuracy: {
                                accuracy: number;
                                channel: string;
                                positions: number;
                                store: string;
                            }[];
                            /** @description ISO 8601 UTC with milliseconds */
                            asOf: string;
                            calibration: {
                                bands: {
                                    said: number;
                                    seen: {
                                        high?: number;
                                        low?: number;
                                        outcomes: number;
                                        rate?: number;
                                        successes: number;
                                    };
                                }[];
                                brier?: number;
                            };
                            compliance: {
                                breaches: number;
                                decisions: {
                                    high?: number;
                                    low?: number;
                                    outcomes: number;
                                    rate?: number;
                                    successes: number;
                                };
                                refused: number;
                            };
                            coverage: {
                                acts: number;
                                automatic: number;
                                share?: number;
                            };
                            days: number;
                            detection: {
                                kinds: {
                                    falseAlarmRate?: number;
                                    /** @enum {unknown} */
                                    kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                                    precision: {
                                        high?: number;
                                        low?: number;
                                        outcomes: number;
                                        rate?: number;
                                        successes: number;
                                    };
                                }[];
                                weeks: {
                                    precision: {
                                        high?: number;
                                        low?: number;
                                        outcomes: number;
                                        rate?: number;
                                        successes: number;
                                    };
                                    /** @description ISO 8601 UTC with milliseconds */
                                    week: string;
                                }[];
                            };
                            effect: {
                                automatic: {
                                    cases: number;
                                    meanMinor?: number;
                                };
                                currency: string;
                                highMinor?: number;
                                holdout: {
                                    cases: number;
                                    meanMinor?: number;
                                };
                                lowMinor?: number;
                                perCaseMinor?: number;
                            };
                            fairness: {
                                byClass: {
                                    saved: {
                                        high?: number;
                                        low?: number;
                                        outcomes: number;
                                        rate?: number;
                                        successes: number;
                                    };
                                    serviceClass: string;
                                }[];
                                byStore: {
                                    cases: number;
                                    given: number;
                                    medianHours?: number;
                                    received: number;
                                    saved: {
                                        high?: number;
                                        low?: number;
                                        outcomes: number;
                                        rate?: number;
                                        successes: number;
                                    };
                                    store: string;
                                }[];
                                classGap?: number;
                                storeGap?: number;
                            };
                            orders: {
                                byClass: {
                                    saved: {
                                        high?: number;
                                        low?: number;
                                        outcomes: number;
                                        rate?: number;
                                        successes: number;
                                    };
                                    serviceClass: string;
                                }[];
                                byStore: {
                                    saved: {
                                        high?: number;
                                        low?: number;
                                        outcomes: number;
                                        rate?: number;
                                        successes: number;
                                    };
                                    store: string;
                                }[];
                                saved: {
                                    high?: number;
                                    low?: number;
                                    outcomes: number;
                                    rate?: number;
                                    successes: number;
                                };
                            };
                            resolution: {
                                cases: number;
                                /** @enum {unknown} */
                                kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                                medianHours: number;
                                p90Hours: number;
                            }[];
                            touches: {
                                cases: number;
                                /** @enum {unknown} */
                                kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                                perCase: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/accuracy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "accuracy" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accuracy: number;
                            channel: string;
                            positions: number;
                            store: string;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/calibration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "calibration" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            bands: {
                                said: number;
                                seen: {
                                    high?: number;
                                    low?: number;
                                    outcomes: number;
                                    rate?: number;
                                    successes: number;
                                };
                            }[];
                            brier?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/compliance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "compliance" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            breaches: number;
                            decisions: {
                                high?: number;
                                low?: number;
                                outcomes: number;
                                rate?: number;
                                successes: number;
                            };
                            refused: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "coverage" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acts: number;
                            automatic: number;
                            share?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/detection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "detection" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            kinds: {
                                falseAlarmRate?: number;
                                /** @enum {unknown} */
                                kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                                precision: {
                                    high?: number;
                                    low?: number;
                                    outcomes: number;
                                    rate?: number;
                                    successes: number;
                                };
                            }[];
                            weeks: {
                                precision: {
                                    high?: number;
                                    low?: number;
                                    outcomes: number;
                                    rate?: number;
                                    successes: number;
                                };
                                /** @description ISO 8601 UTC with milliseconds */
                                week: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/effect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "effect" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            automatic: {
                                cases: number;
                                meanMinor?: number;
                            };
                            currency: string;
                            highMinor?: number;
                            holdout: {
                                cases: number;
                                meanMinor?: number;
                            };
                            lowMinor?: number;
                            perCaseMinor?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/fairness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "fairness" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            byClass: {
                                saved: {
                                    high?: number;
                                    low?: number;
                                    outcomes: number;
                                    rate?: number;
                                    successes: number;
                                };
                                serviceClass: string;
                            }[];
                            byStore: {
                                cases: number;
                                given: number;
                                medianHours?: number;
                                received: number;
                                saved: {
                                    high?: number;
                                    low?: number;
                                    outcomes: number;
                                    rate?: number;
                                    successes: number;
                                };
                                store: string;
                            }[];
                            classGap?: number;
                            storeGap?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "orders" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            byClass: {
                                saved: {
                                    high?: number;
                                    low?: number;
                                    outcomes: number;
                                    rate?: number;
                                    successes: number;
                                };
                                serviceClass: string;
                            }[];
                            byStore: {
                                saved: {
                                    high?: number;
                                    low?: number;
                                    outcomes: number;
                                    rate?: number;
                                    successes: number;
                                };
                                store: string;
                            }[];
                            saved: {
                                high?: number;
                                low?: number;
                                outcomes: number;
                                rate?: number;
                                successes: number;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/resolution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "resolution" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cases: number;
                            /** @enum {unknown} */
                            kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                            medianHours: number;
                            p90Hours: number;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/touches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric "touches" */
        get: {
            parameters: {
                query?: {
                    /** @description days back from the hub's time; default 90 */
                    days?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cases: number;
                            /** @enum {unknown} */
                            kind: "phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift";
                            perCase: number;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An order to pick at a store; the same id counts once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        id: string;
                        lines: {
                            qty: number;
                            sku: string;
                        }[];
                        /** @description ISO 8601 UTC with milliseconds */
                        promisedAt: string;
                        serviceClass: string;
                        store: string;
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            lines: {
                                name: string;
                                qty: number;
                                sku: string;
                            }[];
                            /** @description ISO 8601 UTC with milliseconds */
                            promisedAt: string;
                            serviceClass: string;
                            state: "open" | "picked" | "cancelled";
                            store: string;
                            token: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reallocation as it stands */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601 UTC with milliseconds */
                            at?: string;
                            bound: {
                                currency: string;
                                minor: number;
                            };
                            gap: number;
                            moves: {
                                because: string;
                                confidence: number;
                                cost: {
                                    currency: string;
                                    minor: number;
                                };
                                donorLoss: {
                                    currency: string;
                                    minor: number;
                                };
                                from: string;
                                fromName: string;
                                name: string;
                                qty: number;
                                sku: string;
                                to: string;
                                toName: string;
                                transferId?: string;
                                value: {
                                    currency: string;
                                    minor: number;
                                };
                            }[];
                            objective: {
                                currency: string;
                                minor: number;
                            };
                            seconds: number;
                            unmet: {
                                name: string;
                                qty: number;
                                sku: string;
                                store: string;
                                storeName: string;
                                why: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Score every open case and plan now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601 UTC with milliseconds */
                            at?: string;
                            bound: {
                                currency: string;
                                minor: number;
                            };
                            gap: number;
                            moves: {
                                because: string;
                                confidence: number;
                                cost: {
                                    currency: string;
                                    minor: number;
                                };
                                donorLoss: {
                                    currency: string;
                                    minor: number;
                                };
                                from: string;
                                fromName: string;
                                name: string;
                                qty: number;
                                sku: string;
                                to: string;
                                toName: string;
                                transferId?: string;
                                value: {
                                    currency: string;
                                    minor: number;
                                };
                            }[];
                            objective: {
                                currency: string;
                                minor: number;
                            };
                            seconds: number;
                            unmet: {
                                name: string;
                                qty: number;
                                sku: string;
                                store: string;
                                storeName: string;
                                why: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plan/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the donors of planned moves that were not proposed yet: of some, or of all */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        id: string;
                        moves?: {
                            from: string;
                            sku: string;
                            to: string;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accepted: number;
                            plan: {
                                /** @description ISO 8601 UTC with milliseconds */
                                at?: string;
                                bound: {
                                    currency: string;
                                    minor: number;
                                };
                                gap: number;
                                moves: {
                                    because: string;
                                    confidence: number;
                                    cost: {
                                        currency: string;
                                        minor: number;
                                    };
                                    donorLoss: {
                                        currency: string;
                                        minor: number;
                                    };
                                    from: string;
                                    fromName: string;
                                    name: string;
                                    qty: number;
                                    sku: string;
                                    to: string;
                                    toName: string;
                                    transferId?: string;
                                    value: {
                                        currency: string;
                                        minor: number;
                                    };
                                }[];
                                objective: {
                                    currency: string;
                                    minor: number;
                                };
                                seconds: number;
                                unmet: {
                                    name: string;
                                    qty: number;
                                    sku: string;
                                    store: string;
                                    storeName: string;
                                    why: string;
                                }[];
                            };
                            refused: {
                                from: string;
                                reason: string;
                                sku: string;
                                to: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every published policy bundle with its hash and signature */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    /** @description default 200, at most 500 */
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        /** @description rel="next" where the list goes on */
                        link?: unknown;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            bundle: {
                                approvals: {
                                    /** @description minor units of the bundle currency */
                                    managerMaxMinor: number;
                                    outageHalvingHours: number;
                                    /** @description minor units of the bundle currency */
                                    outageMaxMinor: number;
                                    proposalHours: number;
                                };
                                automation?: {
                                    asks: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain")[];
                                    /** @description one-sided */
                                    confidence: number;
                                    holdoutShare: number;
                                    minOutcomes: number;
                                    targetRate: number;
                                    windowDays: number;
                                };
                                breakers?: {
                                    /** @description minor units of the bundle currency */
                                    moneyPerStorePerDayMinor: number;
                                    oscillationDays: number;
                                    perSkuStorePerDay: number;
                                    perStorePerHour: number;
                                };
                                currency: string;
                                detection: {
                                    coverDays: number;
                                    feedSilentMinutes: number;
                                    /** @description minor units of the bundle currency */
                                    minExposureMinor: number;
                                    phantomClose: number;
                                    phantomOpen: number;
                                    stockoutClose: number;
                                    stockoutOpen: number;
                                    valuable?: {
                                        /** @description minor units of the bundle currency */
                                        exposureMinor: number;
                                        phantomOpen: number;
                                    };
                                };
                                /** @description ISO 8601 UTC with milliseconds */
                                effectiveFrom: string;
                                labour: {
                                    /** @description minor units of the bundle currency */
                                    minorPerHour: number;
                                    minutesPerCount: number;
                                };
                                leases?: {
                                    holdHours: number;
                                    hours: number;
                                    maxProducts: number;
                                    maxUnits: number;
                                    promiseHours: number;
                                    share: number;
                                };
                                planner: {
                                    alpha: number;
                                    blockedPairs: {
                                        from: string;
                                        to: string;
                                    }[];
                                    blockedSkus: string[];
                                    maxUnits: number;
                                };
                                scope: "*" | string;
                                substitutes?: {
                                    acceptance: number;
                                    skus: string[];
                                }[];
                                /** @description first match wins; no match means recommend */
                                tiers: {
                                    kind: ("phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift") | "*";
                                    option: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain") | "*";
                                    /** @enum {unknown} */
                                    tier: "observe" | "recommend" | "automate" | "escalate";
                                }[];
                                version: number;
                            };
                            hash: string;
                            id: string;
                            keyId: string;
                            signature: string;
                            store: "*" | string;
                        }[];
                    };
                };
            };
        };
        put?: never;
        /** Sign and publish a bundle; it comes into force at its effectiveFrom */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        bundle: {
                            approvals: {
                                /** @description minor units of the bundle currency */
                                managerMaxMinor: number;
                                outageHalvingHours: number;
                                /** @description minor units of the bundle currency */
                                outageMaxMinor: number;
                                proposalHours: number;
                            };
                            automation?: {
                                asks: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain")[];
                                /** @description one-sided */
                                confidence: number;
                                holdoutShare: number;
                                minOutcomes: number;
                                targetRate: number;
                                windowDays: number;
                            };
                            breakers?: {
                                /** @description minor units of the bundle currency */
                                moneyPerStorePerDayMinor: number;
                                oscillationDays: number;
                                perSkuStorePerDay: number;
                                perStorePerHour: number;
                            };
                            currency: string;
                            detection: {
                                coverDays: number;
                                feedSilentMinutes: number;
                                /** @description minor units of the bundle currency */
                                minExposureMinor: number;
                                phantomClose: number;
                                phantomOpen: number;
                                stockoutClose: number;
                                stockoutOpen: number;
                                valuable?: {
                                    /** @description minor units of the bundle currency */
                                    exposureMinor: number;
                                    phantomOpen: number;
                                };
                            };
                            /** @description ISO 8601 UTC with milliseconds */
                            effectiveFrom: string;
                            labour: {
                                /** @description minor units of the bundle currency */
                                minorPerHour: number;
                                minutesPerCount: number;
                            };
                            leases?: {
                                holdHours: number;
                                hours: number;
                                maxProducts: number;
                                maxUnits: number;
                                promiseHours: number;
                                share: number;
                            };
                            planner: {
                                alpha: number;
                                blockedPairs: {
                                    from: string;
                                    to: string;
                                }[];
                                blockedSkus: string[];
                                maxUnits: number;
                            };
                            scope: "*" | string;
                            substitutes?: {
                                acceptance: number;
                                skus: string[];
                            }[];
                            /** @description first match wins; no match means recommend */
                            tiers: {
                                kind: ("phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift") | "*";
                                option: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain") | "*";
                                /** @enum {unknown} */
                                tier: "observe" | "recommend" | "automate" | "escalate";
                            }[];
                            version: number;
                        };
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            bundle: {
                                approvals: {
                                    /** @description minor units of the bundle currency */
                                    managerMaxMinor: number;
                                    outageHalvingHours: number;
                                    /** @description minor units of the bundle currency */
                                    outageMaxMinor: number;
                                    proposalHours: number;
                                };
                                automation?: {
                                    asks: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain")[];
                                    /** @description one-sided */
                                    confidence: number;
                                    holdoutShare: number;
                                    minOutcomes: number;
                                    targetRate: number;
                                    windowDays: number;
                                };
                                breakers?: {
                                    /** @description minor units of the bundle currency */
                                    moneyPerStorePerDayMinor: number;
                                    oscillationDays: number;
                                    perSkuStorePerDay: number;
                                    perStorePerHour: number;
                                };
                                currency: string;
                                detection: {
                                    coverDays: number;
                                    feedSilentMinutes: number;
                                    /** @description minor units of the bundle currency */
                                    minExposureMinor: number;
                                    phantomClose: number;
                                    phantomOpen: number;
                                    stockoutClose: number;
                                    stockoutOpen: number;
                                    valuable?: {
                                        /** @description minor units of the bundle currency */
                                        exposureMinor: number;
                                        phantomOpen: number;
                                    };
                                };
                                /** @description ISO 8601 UTC with milliseconds */
                                effectiveFrom: string;
                                labour: {
                                    /** @description minor units of the bundle currency */
                                    minorPerHour: number;
                                    minutesPerCount: number;
                                };
                                leases?: {
                                    holdHours: number;
                                    hours: number;
                                    maxProducts: number;
                                    maxUnits: number;
                                    promiseHours: number;
                                    share: number;
                                };
                                planner: {
                                    alpha: number;
                                    blockedPairs: {
                                        from: string;
                                        to: string;
                                    }[];
                                    blockedSkus: string[];
                                    maxUnits: number;
                                };
                                scope: "*" | string;
                                substitutes?: {
                                    acceptance: number;
                                    skus: string[];
                                }[];
                                /** @description first match wins; no match means recommend */
                                tiers: {
                                    kind: ("phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift") | "*";
                                    option: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain") | "*";
                                    /** @enum {unknown} */
                                    tier: "observe" | "recommend" | "automate" | "escalate";
                                }[];
                                version: number;
                            };
                            hash: string;
                            id: string;
                            keyId: string;
                            signature: string;
                            store: "*" | string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policies/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings in which two published bundles differ */
        get: {
            parameters: {
                query: {
                    from: string;
                    to: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            after?: unknown;
                            before?: unknown;
                            path: string;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policies/inherit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A draft for one store: the chain’s newest bundle with what the store does differently */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        patch: {
                            [key: string]: unknown;
                        };
                        store: string;
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            approvals: {
                                /** @description minor units of the bundle currency */
                                managerMaxMinor: number;
                                outageHalvingHours: number;
                                /** @description minor units of the bundle currency */
                                outageMaxMinor: number;
                                proposalHours: number;
                            };
                            automation?: {
                                asks: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain")[];
                                /** @description one-sided */
                                confidence: number;
                                holdoutShare: number;
                                minOutcomes: number;
                                targetRate: number;
                                windowDays: number;
                            };
                            breakers?: {
                                /** @description minor units of the bundle currency */
                                moneyPerStorePerDayMinor: number;
                                oscillationDays: number;
                                perSkuStorePerDay: number;
                                perStorePerHour: number;
                            };
                            currency: string;
                            detection: {
                                coverDays: number;
                                feedSilentMinutes: number;
                                /** @description minor units of the bundle currency */
                                minExposureMinor: number;
                                phantomClose: number;
                                phantomOpen: number;
                                stockoutClose: number;
                                stockoutOpen: number;
                                valuable?: {
                                    /** @description minor units of the bundle currency */
                                    exposureMinor: number;
                                    phantomOpen: number;
                                };
                            };
                            /** @description ISO 8601 UTC with milliseconds */
                            effectiveFrom: string;
                            labour: {
                                /** @description minor units of the bundle currency */
                                minorPerHour: number;
                                minutesPerCount: number;
                            };
                            leases?: {
                                holdHours: number;
                                hours: number;
                                maxProducts: number;
                                maxUnits: number;
                                promiseHours: number;
                                share: number;
                            };
                            planner: {
                                alpha: number;
                                blockedPairs: {
                                    from: string;
                                    to: string;
                                }[];
                                blockedSkus: string[];
                                maxUnits: number;
                            };
                            scope: "*" | string;
                            substitutes?: {
                                acceptance: number;
                                skus: string[];
                            }[];
                            /** @description first match wins; no match means recommend */
                            tiers: {
                                kind: ("phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift") | "*";
                                option: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain") | "*";
                                /** @enum {unknown} */
                                tier: "observe" | "recommend" | "automate" | "escalate";
                            }[];
                            version: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policies/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a policy would have decided about past cases; changes nothing */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        bundle: {
                            approvals: {
                                /** @description minor units of the bundle currency */
                                managerMaxMinor: number;
                                outageHalvingHours: number;
                                /** @description minor units of the bundle currency */
                                outageMaxMinor: number;
                                proposalHours: number;
                            };
                            automation?: {
                                asks: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain")[];
                                /** @description one-sided */
                                confidence: number;
                                holdoutShare: number;
                                minOutcomes: number;
                                targetRate: number;
                                windowDays: number;
                            };
                            breakers?: {
                                /** @description minor units of the bundle currency */
                                moneyPerStorePerDayMinor: number;
                                oscillationDays: number;
                                perSkuStorePerDay: number;
                                perStorePerHour: number;
                            };
                            currency: string;
                            detection: {
                                coverDays: number;
                                feedSilentMinutes: number;
                                /** @description minor units of the bundle currency */
                                minExposureMinor: number;
                                phantomClose: number;
                                phantomOpen: number;
                                stockoutClose: number;
                                stockoutOpen: number;
                                valuable?: {
                                    /** @description minor units of the bundle currency */
                                    exposureMinor: number;
                                    phantomOpen: number;
                                };
                            };
                            /** @description ISO 8601 UTC with milliseconds */
                            effectiveFrom: string;
                            labour: {
                                /** @description minor units of the bundle currency */
                                minorPerHour: number;
                                minutesPerCount: number;
                            };
                            leases?: {
                                holdHours: number;
                                hours: number;
                                maxProducts: number;
                                maxUnits: number;
                                promiseHours: number;
                                share: number;
                            };
                            planner: {
                                alpha: number;
                                blockedPairs: {
                                    from: string;
                                    to: string;
                                }[];
                                blockedSkus: string[];
                                maxUnits: number;
                            };
                            scope: "*" | string;
                            substitutes?: {
                                acceptance: number;
                                skus: string[];
                            }[];
                            /** @description first match wins; no match means recommend */
                            tiers: {
                                kind: ("phantom-stock" | "hidden-stock" | "negative-record" | "shelf-gap" | "stockout-ahead" | "pick-failed" | "receipt-mismatch" | "return-unreconciled" | "reservation-mismatch" | "allocation-conflict" | "oversell-risk" | "late-inbound" | "order-at-risk" | "transfer-failed" | "feed-silent" | "model-drift") | "*";
                                option: ("count" | "restock" | "transfer" | "reassign" | "split" | "substitute" | "delay" | "expedite" | "quarantine" | "adjust-record" | "claim" | "reconcile" | "check-feed" | "retrain") | "*";
                                /** @enum {unknown} */
                                tier: "observe" | "recommend" | "automate" | "escalate";
                            }[];
                            version: number;
                        };
                        days: number;
                    };
                };
            };
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            after: {
                                approvals: number;
                                expected: {
                                    currency: string;
                                    minor: number;
                                };
                                options: {
                                    [key: string]: number;
                                };
                                tiers: {
                                    [key: string]: number;
                                };
                            };
                            before: {
                                approvals: number;
                                expected: {
                                    currency: string;
                                    minor: number;
                                };
                                options: {
                                    [key: string]: number;
                                };
                                tiers: {
                                    [key: string]: number;
                                };
                            };
                            changed: {
                                after: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                at: string;
                                before: string;
                                caseId: string;
                                store: string;
                            }[];
                            decisions: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Documents that could not be accepted, with the reason */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    /** @description default 200, at most 500 */
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        /** @description rel="next" where the list goes on */
                        link?: unknown;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601 UTC with milliseconds */
                            at: string;
                            collection: string;
                            device: string;
                            documentId: string;
                            id: string;
                            reason: string;
                            store: string;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Who is signed in */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name?: string;
                            /** @description ISO 8601 UTC with milliseconds */
                            now?: string;
                            /** @enum {unknown} */
                            role?: "associate" | "manager" | "ops" | "admin" | "auditor";
                            signedIn: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Sign in with a key; sets an HttpOnly cookie */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        key: string;
                    };
                };
            };
            responses: {
                /** @description Who is signed in */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name?: string;
                            /** @description ISO 8601 UTC with milliseconds */
                            now?: string;
                            /** @enum {unknown} */
                            role?: "associate" | "manager" | "ops" | "admin" | "auditor";
                            signedIn: boolean;
                        };
                    };
                };
            };
        };
        /** Sign out */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Who is signed in */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name?: string;
                            /** @description ISO 8601 UTC with milliseconds */
                            now?: string;
                            /** @enum {unknown} */
                            role?: "associate" | "manager" | "ops" | "admin" | "auditor";
                            signedIn: boolean;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every store: whether it is in reach, its feeds, what is open there */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    /** @description default 200, at most 500 */
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        /** @description rel="next" where the list goes on */
                        link?: unknown;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            epoch?: number;
                            exposure: {
                                currency: string;
                                minor: number;
                            };
                            feeds: {
                                bytes: number;
                                errors: {
                                    [key: string]: number;
                                };
                                kind: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                lastByteAt?: string;
                                message?: string;
                                name: string;
                                observations: number;
                                /** @description ISO 8601 UTC with milliseconds */
                                since: string;
                                state: "up" | "down" | "silent" | "garbled";
                            }[];
                            id: string;
                            meanConfidence?: number;
                            name: string;
                            online: boolean;
                            openCases: number;
                            openExceptions: number;
                            positions: number;
                            /** @description ISO 8601 UTC with milliseconds */
                            since?: string;
                            version?: string;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Transfers between stores, newest first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    /** @description default 200, at most 500 */
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Refused; `code` is stable, `detail` says what to do */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The hub could not do it */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code?: string;
                            detail?: string;
                            status?: number;
                            title?: string;
                            type?: string;
                        };
                    };
                };
                /** @description The answer */
                200: {
                    headers: {
                        /** @description rel="next" where the list goes on */
                        link?: unknown;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            stage: "proposed" | "approved" | "picked" | "shipped" | "received" | "closed" | "declined" | "refused" | "expired";
                            transfer: {
                                alternatives: {
                                    option: string;
                                    successProbability: number;
                                    text: string;
                                    value: {
                                        currency: string;
                                        minor: number;
                                    };
                                    what?: {
                                        /** @description ISO 8601 UTC with milliseconds */
                                        at: string;
                                        code: string;
                                        params: {
                                            [key: string]: string | number;
                                        };
                                        text: string;
                                    };
                                }[];
                                because: string;
                                caseId?: string;
                                cost: {
                                    currency: string;
                                    minor: number;
                                };
                                donor?: {
                                    decision?: {
                                        /** @description ISO 8601 UTC with milliseconds */
                                        at: string;
                                        by: string;
                                        offline: boolean;
                                        policyHash: string;
                                        qty: number;
                                        reason?: string;
                                        role: string;
                                        verdict: "approve" | "decline";
                                    };
                                    picked?: {
                                        /** @description ISO 8601 UTC with milliseconds */
                                        at: string;
                                        by: string;
                                        qty: number;
                                    };
                                    shipped?: {
                                        /** @description ISO 8601 UTC with milliseconds */
                                        at: string;
                                        by: string;
                                        qty: number;
                                    };
                                };
                                donorConfidence: number;
                                donorLoss: {
                                    currency: string;
                                    minor: number;
                                };
                                /** @description ISO 8601 UTC with milliseconds */
                                dueAt: string;
                                from: string;
                                fromName: string;
                                hub?: {
                                    closed?: {
                                        /** @description ISO 8601 UTC with milliseconds */
                                        at: string;
                                        shortUnits: number;
                                    };
                                    expired?: {
                                        /** @description ISO 8601 UTC with milliseconds */
                                        at: string;
                                    };
                                    refused?: {
                                        /** @description ISO 8601 UTC with milliseconds */
                                        at: string;
                                        reason: string;
                                        why?: {
                                            /** @description ISO 8601 UTC with milliseconds */
                                            at: string;
                                            code: string;
                                            params: {
                                                [key: string]: string | number;
                                            };
                                            text: string;
                                        };
                                    };
                                };
                                id: string;
                                ifNot?: {
                                    /** @description ISO 8601 UTC with milliseconds */
                                    at: string;
                                    code: string;
                                    params: {
                                        [key: string]: string | number;
                                    };
                                    text: string;
                                };
                                name: string;
                                order?: string;
                                otherwise: string;
                                policyVersion: string;
                                /** @description ISO 8601 UTC with milliseconds */
                                proposedAt: string;
                                qty: number;
                                receiver?: {
                                    received?: {
                                        /** @description ISO 8601 UTC with milliseconds */
                                        at: string;
                                        by: string;
                                        qty: number;
                                    };
                                };
                                receiverRisk: number;
                                sku: string;
                                to: string;
                                toName: string;
                                value: {
                                    currency: string;
                                    minor: number;
                                };
                                why?: {
                                    /** @description ISO 8601 UTC with milliseconds */
                                    at: string;
                                    code: string;
                                    params: {
                                        [key: string]: string | number;
                                    };
                                    text: string;
                                }[];
                            };
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
};
export type webhooks = Record<string, never>;
export type components = {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
};
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
