"""Import all test modules: Odoo runs only those imported here."""

from .auto_retry import (
    test_addresses_changed,
    test_auto_retry,
    test_auto_retry_exceptions,
    test_held_failures,
    test_job,
    test_removed_messages,
    test_retry_times,
    test_several_addresses_again,
    test_temporary_answers,
)
from .chatter import (
    test_chatter_cost,
    test_chatter_feed,
    test_everywhere,
    test_live,
    test_live_subscription,
)
from .consent import (
    test_choices,
    test_email_preferences,
    test_message_choice,
    test_preferences_limits,
    test_preset_choice,
    test_presets,
    test_provider_opens,
    test_templates,
    test_withdrawal,
)
from .contacts import (
    test_contacts,
    test_emails_of_contacts,
    test_merged_contacts,
    test_merged_notifications,
)
from .controllers import test_arguments, test_databases, test_fuzz_routes
from .core import test_case_depth, test_core_internals, test_journeys, test_rooms
from .documents import test_documents
from .failures import (
    test_failed_mailbox,
    test_failed_queries,
    test_failed_tours,
    test_page_load,
)
from .follow_up import test_follow_up
from .incoming import (
    test_bounces_by_mail,
    test_late_reports,
    test_other_reports,
    test_replies,
    test_report_races,
    test_report_strangers,
    test_reports,
    test_several_addresses,
)
from .malformed import test_malformed_reports
from .mail_state import (
    test_mail_state,
    test_mail_state_failures,
    test_mail_state_modules,
    test_mail_state_random,
    test_mail_state_search,
    test_mail_state_views,
)
from .notices import test_read_notices, test_tell_me
from .obstacles import test_retry_refused
from .opens import (
    test_agent_kinds,
    test_doubtful_opens,
    test_early_signs,
    test_fuzz_evidence,
    test_limits,
    test_open_evidence,
    test_open_pixel,
    test_pixel_hit,
    test_single_statements,
)
from .outgoing import (
    test_batches,
    test_concurrency,
    test_cost_of_sending,
    test_dsn_request,
    test_envelope_id,
    test_never_break_mail,
    test_query_counts,
    test_scenarios,
    test_sending,
    test_two_senders,
)
from .partly_sent import test_faults
from .providers import (
    test_answers_of_servers,
    test_message_ids,
    test_times,
    test_webhook_azure,
    test_webhook_brevo,
    test_webhook_generic,
    test_webhook_mailersend,
    test_webhook_mailgun,
    test_webhook_mailjet,
    test_webhook_mailtrap,
    test_webhook_mandrill,
    test_webhook_postal,
    test_webhook_postmark,
    test_webhook_resend,
    test_webhook_scaleway,
    test_webhook_sendgrid,
    test_webhook_ses,
    test_webhook_smtp2go,
    test_webhook_sparkpost,
    test_webhook_zeptomail,
)
from .privacy import test_personal_request, test_privacy_lookup
from .queue import test_queue
from .recipients import test_changes_in_queue
from .reports import (
    test_answers,
    test_automatic_answers,
    test_bounces_in_languages,
    test_bounces_in_words,
    test_delivery_report,
    test_delivery_report_kinds,
    test_demo_reports,
    test_fuzz_reports,
    test_notices,
    test_reasons,
)
from .retry import (
    test_changed_meanwhile,
    test_retry,
    test_retry_anew,
    test_retry_concurrency,
    test_retry_road,
    test_two_at_once,
)
from .review import test_complaints, test_review
from .settings import test_diagnosis, test_mail_server_page, test_setup_pages
from .state import (
    test_fold_anew,
    test_fold_races,
    test_history_walk,
    test_raise_to_sent,
    test_state_in_sql,
    test_tracking_state,
)
from .statistics import test_statistics
from .timeline import test_timeline
from .tracking import (
    test_access,
    test_access_matrix,
    test_document_type,
    test_footprint,
    test_invalid_ids,
    test_isolated,
    test_oracle,
    test_other_modules,
    test_readable_sql,
    test_security_page,
    test_vocabulary,
)
from .upkeep import (
    test_leftovers,
    test_leftovers_behind,
    test_retention,
    test_scaling_sql,
    test_update,
    test_upkeep,
)
from .web import test_foreign_words, test_js, test_tours, test_wrapped_words
from .webhook_reports import test_webhook_processing
from .webhooks import (
    test_fetch,
    test_webhook_fuzz,
    test_webhook_requests,
)
