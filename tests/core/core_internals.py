"""What the addon overrides or calls of Odoo's internals, with the parameters it knows.

``docs/core_internals.rst`` says what for. A parameter with a default value ends in "=".
"""

# What the models that the addon itself defines share, by the name of one of them.
OWN_MODELS = "mail.tracking.email"
# Model: {name of the method: its parameters, separated by spaces}.
METHODS = {
    "mail.mail": {
        "create": "self vals_list",
        "write": "self vals",
        "unlink": "self",
        "send": "self auto_commit= raise_exception= post_send_callback=",
        "_send": (
            "self auto_commit= raise_exception= smtp_session= alias_domain_id= "
            "mail_server= post_send_callback="
        ),
        "_prepare_outgoing_list": "self mail_server= doc_to_followers=",
        "_postprocess_sent_message": (
            "self success_pids success_emails failure_reason= failure_type="
        ),
        "process_email_queue": "self email_ids= batch_size=",
        "send_after_commit": "self",
        "_split_by_delayed_batch": "self mail_server",
        "cancel": "self",
    },
    "ir.mail_server": {
        "_connect__": (
            "self host= port= user= password= encryption= smtp_from= "
            "ssl_certificate= ssl_private_key= smtp_debug= mail_server_id= "
            "allow_archived="
        ),
        "send_email": (
            "self message mail_server_id= smtp_server= smtp_port= smtp_user= "
            "smtp_password= smtp_encryption= smtp_ssl_certificate= "
            "smtp_ssl_private_key= smtp_debug= smtp_session="
        ),
        "_find_mail_server": "self email_from mail_servers=",
    },
    "mail.thread": {
        "unlink": "self",
        "_read_group_orderby": "self order groupby_terms query",
        "message_process": (
            "self model message custom_values= save_original= strip_attachments= "
            "thread_id="
        ),
        "message_parse": "self message save_original=",
        "message_route": "self message message_dict model= thread_id= custom_values=",
        "_message_parse_extract_bounce": "self email_message message_dict",
        "_message_parse_extract_payload": "self message message_dict save_original=",
        "_message_parse_extract_payload_postprocess": "self message payload_dict",
        "_message_route_process": "self message message_dict routes",
        "_routing_handle_bounce": "self email_message message_dict",
        "_thread_to_store": "self store fields request_list=",
        "_get_view": "self view_id= view_type= **options",
        "_field_to_sql": "self alias field_expr query=",
        "_order_field_to_sql": "self alias field_name direction nulls query",
        "_has_field_access": "self field operation",
        "_notify_thread_by_email": (
            "self message recipients_data msg_vals= mail_auto_delete= "
            "model_description= force_email_company= force_email_lang= "
            "force_record_name= subtitles= force_send= send_after_commit= **kwargs"
        ),
        "message_change_thread": "self new_thread new_parent_message=",
        "_get_thread_with_access": "self thread_id mode= **kwargs",
        "_clean_empty_message": "self message",
    },
    "mail.message": {
        "_check_access": "self operation",
        "_get_forbidden_access": "self operation",
        "write": "self vals",
        "unlink": "self",
        "_to_store": (
            "self store fields format_reply= msg_vals= add_followers= followers="
        ),
        "_message_notifications_to_store": "self store",
        "_filter_records_for_message_operation": "self doc_model doc_res_ids operation",
        "_is_empty": "self",
        "_message_fetch": (
            "self domain thread= search_term= is_notification= before= after= "
            "around= limit="
        ),
        "_notify_message_notification_update": "self",
    },
    "mail.notification": {
        "write": "self vals",
        "_convert_to_write": "self values",
        "_filtered_for_web_client": "self",
    },
    "mail.followers": {
        "_get_recipient_data": "self records message_type subtype_id pids=",
    },
    "ir.websocket": {
        "_build_bus_channel_list": "self channels",
        "_after_subscribe_data": "self data",
    },
    "ir.ui.view": {
        "_get_combined_archs": "self",
        "_get_x2many_missing_view_archs": "self field field_node node_info",
    },
    "res.company": {
        "create": "self vals_list",
        "write": "self vals",
        "cache_invalidation_fields": "self",
    },
    "res.users": {
        "_notify_security_setting_update": (
            "self subject content mail_values= **kwargs"
        ),
        "_init_messaging": "self store",
        "_bus_send": "self notification_type message subchannel=",
        "_is_internal": "self",
        "_is_system": "self",
    },
    "res.users.settings": {
        "create": "self vals_list",
        "write": "self vals",
        "_find_or_create_for_user": "self user",
        "_get_fields_blacklist": "self",
    },
    "res.config.settings": {
        "get_values": "self",
        "set_values": "self",
    },
    "ir.rule": {
        "_compute_domain": "self model_name mode=",
    },
    "res.partner": {
        "_mail_get_operation_for_mail_message_operation": "self message_operation",
        "_mail_group_by_operation_for_mail_message_operation": "self message_operation",
    },
    "base.partner.merge.automatic.wizard": {
        "_update_foreign_keys": "self src_partners dst_partner",
        "_update_reference_fields_generic": (
            "self referenced_model src_records dst_record additional_update_records="
        ),
    },
    "bus.bus": {
        "_bus_last_id": "self",
        "_sendone": "self target notification_type message",
    },
    "ir.cron": {
        "_commit_progress": "self processed= remaining= deactivate=",
        "_trigger": "self at=",
    },
    OWN_MODELS: {
        "write": "self vals",
        "_field_to_sql": "self alias field_expr query=",
        "_search": "self domain offset= limit= order= active_test= bypass_access=",
        "_check_access": "self operation",
        "_as_query": "self ordered=",
        "_check_field_access": "self field operation",
        "_filtered_access": "self operation",
        "_register_hook": "self",
        "_read_group": "self domain groupby= aggregates= having= offset= limit= order=",
    },
    "ir.actions.actions": {
        "_for_xml_id": "self full_xml_id",
    },
    "ir.model": {
        "_get_id": "self name",
    },
    "ir.qweb": {
        "_render": "self template values= **options",
    },
    "res.lang": {
        "_get_data": "self **kwargs",
    },
    "mail.compose.message": {
        "_action_send_mail": "self auto_commit=",
        "_prepare_schedule_message_post_values": "self post_values",
    },
    "mail.template": {
        "send_mail_batch": (
            "self res_ids force_send= raise_exception= email_values= "
            "email_layout_xmlid="
        ),
    },
    "mail.message.schedule": {
        "create": "self vals_list",
        "_send_notifications": "self default_notify_kwargs=",
    },
}

# The same of classes that are no models, by the module that they stand in.
CLASS_METHODS = {
    "odoo.addons.mail.controllers.webclient.WebclientController": {
        "_process_request_for_logged_in_user": "self store name params",
    },
    "odoo.http.JsonRPCDispatcher": {
        "_response": "self result= error=",
    },
    "odoo.fields.Field": {
        "_condition_to_sql": "self field_expr operator value model alias query",
    },
    "odoo.fields.Json": {
        "convert_to_record": "self value record",
    },
    "odoo.fields.Selection": {
        "_description_selection": "self env",
    },
}
# What else has a leading underscore: attributes of the ORM, and of named tuples.
ATTRIBUTES = (
    *("_abstract", "_ids", "_inherit_children", "_order_groupby", "_origin", "_table"),
    *("_", "_field_defaults"),
)
