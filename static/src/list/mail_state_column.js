import { browser } from "@web/core/browser/browser";
import { extractFieldsFromArchInfo } from "@web/model/relational_model/utils";

export const MAIL_STATE = "mail_tracking_state";

/** The column, and what its widget reads beside it. */
export const MAIL_STATE_FIELDS = [MAIL_STATE, "mail_tracking_summary"];

/**
 * Whether the column is on, and how the user's choice is kept. A choice of its own: the
 * choices of the other columns are as they were before there was this one.
 */
export class MailStateColumn {
    /**
     * @param {Object} archInfo of a list view
     * @param {string} resModel
     * @param {number|false} viewId
     */
    constructor(archInfo, resModel, viewId) {
        this.archInfo = archInfo;
        this.column = archInfo.columns.find(
            (column) => column.name === MAIL_STATE && column.optional
        );
        this.key = `optional_fields,${MAIL_STATE},${resModel},${viewId}`;
    }

    get exists() {
        return Boolean(this.column);
    }

    get isShown() {
        const choice = browser.localStorage.getItem(this.key);
        return (choice || this.column.optional) === "show";
    }

    set isShown(isShown) {
        browser.localStorage.setItem(this.key, isShown ? "show" : "hide");
    }

    /**
     * Read the fields of the column only while it is shown. In place: the groups of a
     * list have the same object.
     *
     * @param {Object} activeFields fields that are read
     * @param {Object} fields definitions of the model's fields
     */
    syncFields(activeFields, fields) {
        for (const name of MAIL_STATE_FIELDS) {
            delete activeFields[name];
        }
        if (this.isShown) {
            const { fieldNodes } = this.archInfo;
            const own = Object.values(fieldNodes).filter(({ name }) => name === MAIL_STATE);
            Object.assign(
                activeFields,
                extractFieldsFromArchInfo({ fieldNodes: own }, fields).activeFields
            );
        }
    }
}
