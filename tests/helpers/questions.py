"""Random questions that an employee may ask by RPC about a hidden row."""

import random

# Of each field that employees may search: a value that the hidden row has, and the one
# that it has instead.
EMAIL = {
    "recipient_address": ("zoe@secret.example", "amy@other.test"),
    "recipient": ("Zoe <zoe@secret.example>", "Amy <amy@other.test>"),
    "name": ("Dismissal", "Newsletter"),
    "sender": ("boss@secret.example", "info@other.test"),
    "message_id": ("<zoe@secret>", "<amy@other>"),
    "state": ("bounced", "sent"),
    "error_type": ("mailbox_full", None),
    "error_description": ("552 5.2.2 Mailbox full", None),
    "recipient_type": ("cc", "to"),
    "other_addresses": ("zoe@home.example", None),
    "model": ("res.users", "res.partner"),
    "res_id": (4711, 4712),
    "mail_id": (4711, 4712),
    "attempt": (3, 1),
    "open_count": (7, 0),
    "first_open": ("2001-01-01 10:00:00", "2002-02-02 10:00:00"),
    "state_time": ("2001-01-01 10:00:00", "2002-02-02 10:00:00"),
    "reviewed": (True, False),
    "outranked": (True, False),
}
EVENT = {
    "event_type": ("hard_bounce", "sent"),
    "source": ("dsn", "smtp"),
    "diagnostic": ("552 5.2.2 Mailbox full", "250 Ok"),
    "server": ("mx.secret.example", "mx.other.test"),
    "recipient": ("zoe@secret.example", "amy@other.test"),
    "error_type": ("mailbox_full", None),
    "evidence": ("human", None),
    "idempotency_key": ("secret", "other"),
    "attempt": (3, 1),
    "time": ("2001-01-01 10:00:00", "2002-02-02 10:00:00"),
    "is_temporary": (True, False),
}
FIELDS = {"mail.tracking.email": EMAIL, "mail.tracking.event": EVENT}
# How the other model is reached.
LINK = {
    "mail.tracking.email": ("tracking_event_ids", "mail.tracking.event"),
    "mail.tracking.event": ("tracking_email_id", "mail.tracking.email"),
}
PATTERNS = ("=like", "=ilike", "like", "ilike", "not like", "not =ilike")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "in", "not in")


class Questions:
    """Calls that might reveal something about a record."""

    def __init__(self, own, hidden, seed=19):
        """
        :param dict own: model to the id of a record that the asker may read
        :param dict hidden: model to the id of one that he may not read
        """
        self._own, self._hidden = own, hidden
        self._chance = random.Random(seed)  # noqa: S311

    def ask(self):
        """Return one question: model, name of the method, its arguments by name."""
        model = self._chance.choice(list(FIELDS))
        ways = (
            *(self._searches, self._counts, self._names, self._groups, self._panels),
            *(self._searches, self._records),
        )
        return (model, *self._chance.choice(ways)(model))

    def _searches(self, model):
        page = {"domain": self._domain(model), **self._page(model)}
        names = self._some_fields(model)
        specification = {name: {} for name in names}
        link, other = LINK[model]
        nested = {name: {} for name in self._some_fields(other)}
        specification[link] = {"fields": nested}
        return self._chance.choice(
            (
                ("search", page),
                ("search_read", {**page, "fields": names}),
                ("web_search_read", {**page, "specification": specification}),
                (
                    "web_search_read",
                    {**page, "specification": specification, "count_limit": 2},
                ),
            )
        )

    def _counts(self, model):
        limit = self._chance.choice((None, 1, 2))
        return "search_count", {"domain": self._domain(model), "limit": limit}

    def _names(self, model):
        field = self._text_field(model)
        name = self._chance.choice((self._value(model, field), "z", "5", ""))
        domain, limit = self._domain(model), self._chance.choice((1, 8))
        arguments = {"name": name or "", "domain": domain, "limit": limit}
        operator = self._chance.choice(("ilike", "=ilike", "="))
        return self._chance.choice(
            (
                ("name_search", {**arguments, "operator": operator}),
                (
                    "web_name_search",
                    {**arguments, "specification": {"display_name": {}}},
                ),
            )
        )

    def _groups(self, model):
        link, other = LINK[model]
        name, aggregates = self._field(model), ["__count", "id:max", "attempt:sum"]
        names = {
            "mail.tracking.email": [name, "company_id", "state_time:month"],
            "mail.tracking.event": [name, f"{link}.{self._field(other)}", "time:day"],
        }[model]
        values = {"domain": self._domain(model), "aggregates": aggregates}
        values["groupby"] = [self._chance.choice(names)]
        limit = self._chance.choice((None, 1))
        having = self._chance.choice(([], [("__count", ">", 1)]))
        bar = {"field": name, "colors": {self._value(model, name): "danger"}}
        old = {"fields": ["attempt:sum"], "groupby": values["groupby"]}
        return self._chance.choice(
            (
                ("formatted_read_group", {**values, "having": having, "limit": limit}),
                ("web_read_group", {**values, "limit": limit}),
                ("read_group", {"domain": values["domain"], **old, "lazy": False}),
                (
                    "read_progress_bar",
                    {"domain": values["domain"], "group_by": name, "progress_bar": bar},
                ),
            )
        )

    def _panels(self, model):
        name = {
            "mail.tracking.email": self._chance.choice(("company_id", "state")),
            "mail.tracking.event": self._chance.choice(("event_type", "source")),
        }[model]
        values = {"field_name": name, "search_domain": self._domain(model)}
        values |= {"enable_counters": True, "expand": self._chance.random() < 0.5}
        ways = ("search_panel_select_range", "search_panel_select_multi_range")
        return self._chance.choice(ways), values

    def _records(self, model):
        """Ask for the hidden record itself: each time, access is refused."""
        both = [self._own[model], self._hidden[model]]
        ids = self._chance.choice((both, both[1:]))
        names = self._some_fields(model)
        return self._chance.choice(
            (
                ("read", {"ids": ids, "fields": names}),
                ("export_data", {"ids": ids, "fields_to_export": names}),
                ("web_read", {"ids": ids, "specification": dict.fromkeys(names, {})}),
            )
        )

    # === PARTS ===#
    def _domain(self, model):
        own, hidden = self._own[model], self._hidden[model]
        leaf = self._leaf(model)
        return self._chance.choice(
            (
                [leaf],
                ["|", ("id", "=", own), leaf],
                ["|", ("id", "=", own), "!", leaf],
                [("id", "in", [own, hidden]), leaf],
                ["|", ("id", "=", own), "&", ("id", "=", hidden), leaf],
            )
        )

    def _leaf(self, model):
        link, other = LINK[model]
        way = self._chance.random()
        if way < 0.6:
            return self._condition(model)
        name, operator, value = self._condition(other)
        if way < 0.75:
            return (f"{link}.{name}", operator, value)
        operators = ("any", "not any")
        if way < 0.9:
            condition = [(name, operator, value)]
            return (link, self._chance.choice(operators), condition)
        back, _model = LINK[other]
        condition = [(back, "any", [self._condition(model)])]
        return (link, self._chance.choice(operators), condition)

    def _condition(self, model):
        name = self._field(model)
        value = self._value(model, name)
        if isinstance(value, str) and self._chance.random() < 0.6:
            part = value[: self._chance.randint(1, len(value))]
            ending = self._chance.choice(("%", "", "\\", "_%"))
            return (name, self._chance.choice(PATTERNS), part + ending)
        operator = self._chance.choice(COMPARISONS)
        if isinstance(value, bool) or value is None:
            operator, value = self._chance.choice(("=", "!=")), bool(value)
        return (name, operator, [value] if operator.endswith("in") else value)

    def _value(self, model, name):
        return FIELDS[model][name][0]

    def _field(self, model):
        return self._chance.choice(list(FIELDS[model]))

    def _text_field(self, model):
        return "name" if model == "mail.tracking.email" else "event_type"

    def _some_fields(self, model):
        return self._chance.sample(list(FIELDS[model]), 2)

    def _page(self, model):
        direction = self._chance.choice(("asc", "desc"))
        name = self._chance.choice(("id", "id", self._field(model)))
        return {
            "order": f"{name} {direction}",
            "limit": self._chance.choice((None, 1, 1, 2)),
            "offset": self._chance.choice((0, 0, 1)),
        }
