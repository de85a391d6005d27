/**
 * Return a function that does one thing at a time, such as what a button is for: a double
 * click does nothing twice.
 *
 * @returns {(action: () => Promise|void) => Promise}
 */
export function oneAtATime() {
    let isBusy = false;
    return async (action) => {
        if (isBusy) {
            return;
        }
        isBusy = true;
        try {
            await action();
        } finally {
            isBusy = false;
        }
    };
}
