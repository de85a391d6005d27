// Contrast of the icons, which axe leaves out (WCAG 2.1, 1.4.11): runs in the page.

/**
 * Give the icons inside a region that stand out too little.
 *
 * @param {Object} argument
 * @param {string} argument.region selector
 * @param {number} argument.least contrast
 * @returns {string[]}
 */
export function faintIcons({ region, least }) {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

    /** Colours as CSS has them, each painted over the ones before: red, green, blue. */
    function painted(colors) {
        canvas.clearRect(0, 0, 1, 1);
        for (const color of colors) {
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
        }
        return canvas.getImageData(0, 0, 1, 1).data.slice(0, 3);
    }

    function luminance(rgb) {
        const [red, green, blue] = [...rgb].map((value) => {
            const part = value / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }

    function contrast(icon) {
        const behind = [];
        for (let element = icon.parentElement; element; element = element.parentElement) {
            behind.unshift(getComputedStyle(element).backgroundColor);
        }
        const colors = ["white", ...behind];
        const drawn = getComputedStyle(icon).backgroundColor;
        const [low, high] = [painted(colors), painted([...colors, drawn])]
            .map(luminance)
            .sort((one, other) => one - other);
        return (high + 0.05) / (low + 0.05);
    }

    return [...document.querySelectorAll(region)]
        .flatMap((found) => [...found.querySelectorAll(".o-mail_activity_tracking-Icon")])
        .filter((icon) => contrast(icon) < least)
        .map((icon) => `${icon.className}: ${contrast(icon).toFixed(2)}`);
}
