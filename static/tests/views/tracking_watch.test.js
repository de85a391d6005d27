import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Probe extends models.Model {
    step = fields.Char();
    is_going_on = fields.Boolean();
    _records = [{ id: 1, step: "Waiting", is_going_on: true }];
}

defineMailModels();
defineModels([Probe]);

test("the form follows the mail until there is nothing more to come", async () => {
    let reads = 0;
    onRpc("probe", "web_read", () => {
        reads++;
    });
    await mountView({
        type: "form",
        resModel: "probe",
        resId: 1,
        arch: `<form>
            <field name="is_going_on" invisible="1"/>
            <field name="step" readonly="1"/>
            <widget name="mail_tracking_watch" invisible="not is_going_on"/>
        </form>`,
    });
    expect(reads).toBe(1);
    expect("[name=step]").toHaveText("Waiting");
    MockServer.env.probe.write([1], { step: "Opened", is_going_on: false });
    await advanceTime(2000);
    await animationFrame();
    expect("[name=step]").toHaveText("Opened");
    expect(reads).toBe(2);
    await advanceTime(10000);
    expect(reads).toBe(2);
});

test("a form that was forgotten asks the server no more", async () => {
    let reads = 0;
    onRpc("probe", "web_read", () => {
        reads++;
    });
    await mountView({
        type: "form",
        resModel: "probe",
        resId: 1,
        arch: `<form>
            <field name="is_going_on" invisible="1"/>
            <widget name="mail_tracking_watch" invisible="not is_going_on"/>
        </form>`,
    });
    await advanceTime(3600 * 1000);
    await animationFrame();
    const atMost = reads;
    expect(atMost).toBeGreaterThan(1);
    expect(atMost).toBeLessThan(400);
    await advanceTime(3600 * 1000);
    expect(reads).toBe(atMost);
});
