"""Which messages an employee may read, in SQL, as core's `mail.message` decides it.

Core asks for each message in Python: of a million that takes a minute. Access to most
documents is nothing but the rights and rules of their model, which one condition says
for all of them. Where a model decides by a method of its own (private meetings), or a
module has changed how messages decide, core is asked.
"""

from odoo.fields import Domain
from odoo.models import BaseModel
from odoo.tools import SQL

from odoo.addons.mail.models.mail_message import MailMessage
from odoo.addons.mail.models.models import Base

# The methods of core that decide, and whose they are.
OF_MESSAGES = {
    MailMessage: (
        "_check_access",
        "_get_forbidden_access",
        "_filter_records_for_message_operation",
    )
}
OF_DOCUMENTS = {
    BaseModel: ("_check_access",),
    Base: (
        "_mail_get_operation_for_mail_message_operation",
        "_mail_group_by_operation_for_mail_message_operation",
    ),
}
# The models of all messages, with one look-up in an index for each.
MODELS = """
WITH RECURSIVE models AS (
    SELECT min(model) AS model FROM mail_message
     UNION ALL
    SELECT (SELECT min(model) FROM mail_message WHERE model > models.model)
      FROM models WHERE models.model IS NOT NULL
)
SELECT model FROM models WHERE model IS NOT NULL
"""
READ = (
    "author_id",
    "create_uid",
    "message_type",
    "model",
    "res_id",
    "partner_ids",
)


def readable_domains(records, name):
    """Return the domains of records whose message is readable, or core's to decide.

    :param records: of any model, as the user who asks
    :param str name: their many2one to the message
    :return: two domains, which may overlap; None when core has to decide on all
    """
    env, messages = records.env, records.env["mail.message"]
    if not (
        env.user._is_internal()
        and _decides_as_core(messages, OF_MESSAGES)
        and messages.has_access("read")
        and env["ir.rule"]._compute_domain(messages._name, "read").is_true()
    ):
        return None
    messages.flush_model(READ)
    env["mail.notification"].flush_model(["mail_message_id", "res_partner_id"])
    documents, asked = _documents_sql(env)
    # The most frequent first: PostgreSQL goes on only until one is met.
    readable = [_of_document_sql(*pair) for pair in documents.items()]
    readable += [
        SQL("message.author_id = %s", env.user.partner_id.id),
        SQL("message.create_uid = %s", env.uid),
        _is_linked_sql("mail_message_res_partner_rel", env.user.partner_id),
        _is_linked_sql("mail_notification", env.user.partner_id),
    ]
    asked = [_of_document_sql(model, SQL("TRUE")) for model in asked]
    return _with_message(name, readable), _with_message(name, asked)


def _with_message(name, conditions):
    """Return the domain of records whose message meets one of the conditions."""
    if not conditions:
        return Domain.FALSE
    return Domain.custom(
        to_sql=lambda records, alias, query: SQL(
            "EXISTS (SELECT FROM mail_message AS message WHERE message.id = %s"
            " AND (%s))",
            records._field_to_sql(alias, name, query),
            SQL(" OR ").join(conditions),
        )
    )


def _of_document_sql(model, condition):
    """Build the condition for messages of the documents of a model that meet one."""
    return SQL(
        "(message.message_type IS DISTINCT FROM 'user_notification'"
        " AND message.res_id <> 0 AND message.model = %s AND %s)",
        model,
        condition,
    )


def _documents_sql(env):
    """Return the models of messages with a condition, and those that core decides on.

    Models that the user may not read are in neither.

    :return: tuple (dict from model to the condition for a readable document, list)
    """
    conditions, asked = {}, []
    env.cr.execute(MODELS)
    for (name,) in env.cr.fetchall():
        if name not in env or not env["ir.model.access"].check(name, "read", False):
            continue
        documents = env[name].sudo().with_context(active_test=False)
        # sudo: core, too, applies the user's rules as the superuser when it checks.
        rule = env["ir.rule"]._compute_domain(name, "read").optimize_full(documents)
        if not _decides_as_core(documents, OF_DOCUMENTS) or documents._abstract:
            asked.append(name)
        elif rule.is_true():
            conditions[name] = SQL("TRUE")
        elif not rule.is_false():
            conditions[name] = _meets_rule_sql(documents, rule)
    return conditions, asked


def _meets_rule_sql(documents, rule):
    # Not by the model's own `_search`: core checks the rule alone.
    query = BaseModel._search(documents, rule, active_test=False)
    query.add_where(SQL("%s = message.res_id", SQL.identifier(query.table, "id")))
    return SQL("EXISTS %s", query.subselect(SQL("1")))


def _is_linked_sql(table, partner):
    return SQL(
        "EXISTS (SELECT FROM %s AS linked WHERE linked.mail_message_id = message.id"
        " AND linked.res_partner_id = %s)",
        SQL.identifier(table),
        partner.id,
    )


def _decides_as_core(records, methods):
    return all(
        getattr(type(records), name) is getattr(owner, name)
        for owner, names in methods.items()
        for name in names
    )
