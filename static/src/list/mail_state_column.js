import { browser } from "@web/core/browser/browser";
import { extractFieldsFromArchInfo } from "@web/model/relational_model/utils";

export const MAIL_STATE = "mail_tracking_state";

/** The column, and the field that its widget also reads. */
export const MAIL_STATE_FIELDS = [MAIL_STATE, "mail_tracking_summary"];

/**
 * Whether the column is shown, and the user's choice. The choice is stored by itself, so
 * that the stored choices of the other columns stay valid.
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
     * Read the fields of the column only while it is shown. The object is changed in
     * place, since the groups of a list share it.
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
