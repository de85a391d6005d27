import globals from "globals";
import jsdoc from "eslint-plugin-jsdoc";

// Odoo's own rules (test_lint and web/tooling), and a few more.
const syntax = [
    { selector: "PrivateIdentifier", message: "Odoo patches cannot reach private fields" },
    {
        selector:
            "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='props'][static='true']))",
        message: "Component should declare static props",
    },
    {
        selector:
            "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='template'][static='true']))",
        message: "Component should declare static template",
    },
    {
        selector: "CallExpression[callee.name='_t'] > :first-child[value=/(.*%s){2,}/]",
        message: "Usage of _t function with multiple unnamed placeholders",
    },
    {
        selector: "CallExpression[callee.name='_t'] > TemplateLiteral:first-child",
        message: "_t of a template literal is never translated",
    },
    {
        selector:
            "CallExpression[callee.object.name='notificationService'][callee.property.name='add'] > Literal:first-child",
        message: "String passed to 'notificationService.add()' should be translated",
    },
];

export default [
    {
        files: ["static/**/*.js"],
        plugins: { jsdoc },
        settings: { jsdoc: { tagNamePreference: { augments: "extends" } } },
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly" },
        },
        rules: {
            "arrow-body-style": ["error", "as-needed"],
            complexity: ["error", 10],
            curly: ["error", "all"],
            eqeqeq: "error",
            "jsdoc/check-alignment": "error",
            "jsdoc/check-param-names": "error",
            "jsdoc/check-tag-names": "error",
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-args": "error",
            "no-dupe-class-members": "error",
            "no-dupe-else-if": "error",
            "no-dupe-keys": "error",
            "no-duplicate-imports": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-restricted-syntax": ["error", ...syntax],
            "no-undef": "error",
            "no-unsafe-negation": "error",
            "no-unused-vars": ["error", { args: "none", caughtErrors: "all" }],
            "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
            "valid-typeof": "error",
        },
    },
];
