declare module "models" {
    import { TrackingRecipient } from "@mail_activity_tracking/core/common/tracking_recipient";

    type TrackingValue = [state: string, time: number | false, detail?: number | string];

    export interface Message {
        tracking_recipients: Array<
            [
                id: number,
                partnerId: number | false,
                recipient: string,
                type: "to" | "cc",
                ...value: TrackingValue,
            ]
        >;
        trackingRecipients: TrackingRecipient[];
    }
    export interface Notification {
        tracking: TrackingValue | undefined;
        readonly trackingState: string | undefined;
    }
}
