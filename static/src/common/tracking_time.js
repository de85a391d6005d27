import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/**
 * Return a time in words: "today 10:02", "Nov 3, 10:02".
 *
 * @param {number|false} seconds since 1970
 */
export function formatTrackingTime(seconds) {
    if (!seconds) {
        return "";
    }
    const moment = DateTime.fromSeconds(seconds);
    const now = DateTime.now();
    if (moment.hasSame(now, "day")) {
        return _t("today %(time)s", { time: moment.toLocaleString(DateTime.TIME_SIMPLE) });
    }
    const format = { ...DateTime.TIME_SIMPLE, month: "short", day: "numeric" };
    return moment.toLocaleString(
        moment.hasSame(now, "year") ? format : { ...format, year: "numeric" }
    );
}
