CREATE FUNCTION pg_temp.ref(text) RETURNS integer LANGUAGE sql AS
'SELECT res_id FROM ir_model_data WHERE module || ''.'' || name = $1';
CREATE TABLE mail_tracking_check ( id integer NOT NULL, create_uid integer, write_uid integer, name character varying NOT NULL, result character varying NOT NULL, finding text, advice text, create_date timestamp without time zone, write_date timestamp without time zone );
CREATE SEQUENCE mail_tracking_check_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE mail_tracking_check_id_seq OWNED BY mail_tracking_check.id;
CREATE TABLE mail_tracking_email ( id integer NOT NULL, mail_message_id integer, mail_id integer, res_id integer, company_id integer, author_id integer, partner_id integer, attempt integer NOT NULL, open_count integer, hit_count integer, create_uid integer, write_uid integer, name character varying, sender character varying, message_id character varying, model character varying, recipient character varying, recipient_address character varying, recipient_type character varying, state character varying NOT NULL, error_type character varying, token character varying, last_evidence character varying, error_description text, notifies_only boolean, reviewed boolean, followed_up boolean, state_time timestamp without time zone, first_open timestamp without time zone, last_open timestamp without time zone, last_hit timestamp without time zone, create_date timestamp without time zone, write_date timestamp without time zone );
CREATE SEQUENCE mail_tracking_email_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE mail_tracking_email_id_seq OWNED BY mail_tracking_email.id;
CREATE TABLE mail_tracking_event ( id integer NOT NULL, tracking_email_id integer NOT NULL, attempt integer NOT NULL, event_type character varying NOT NULL, source character varying NOT NULL, recipient character varying, server character varying, error_type character varying, evidence character varying, idempotency_key character varying, diagnostic text, "time" timestamp without time zone NOT NULL );
CREATE SEQUENCE mail_tracking_event_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE mail_tracking_event_id_seq OWNED BY mail_tracking_event.id;
CREATE TABLE mail_tracking_late_report ( id integer NOT NULL, tracking_id integer, create_uid integer, write_uid integer, create_date timestamp without time zone, write_date timestamp without time zone, raw bytea NOT NULL );
CREATE SEQUENCE mail_tracking_late_report_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE mail_tracking_late_report_id_seq OWNED BY mail_tracking_late_report.id;
CREATE TABLE mail_tracking_provider ( id integer NOT NULL, create_uid integer, write_uid integer, provider character varying NOT NULL, create_date timestamp without time zone, write_date timestamp without time zone );
CREATE SEQUENCE mail_tracking_provider_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE mail_tracking_provider_id_seq OWNED BY mail_tracking_provider.id;
CREATE TABLE mail_tracking_test_mail ( id integer NOT NULL, mail_server_id integer, tracking_id integer, create_uid integer, write_uid integer, create_date timestamp without time zone, write_date timestamp without time zone );
CREATE SEQUENCE mail_tracking_test_mail_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE mail_tracking_test_mail_id_seq OWNED BY mail_tracking_test_mail.id;
CREATE TABLE mail_tracking_viewer ( id integer NOT NULL, user_id integer NOT NULL, res_id integer NOT NULL, browser character varying NOT NULL, model character varying NOT NULL, since timestamp without time zone NOT NULL );
CREATE SEQUENCE mail_tracking_viewer_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE mail_tracking_viewer_id_seq OWNED BY mail_tracking_viewer.id;
CREATE TABLE mail_tracking_webhook ( id integer NOT NULL, event_count integer, ignored_count integer, provider character varying NOT NULL, request_key character varying NOT NULL, state character varying NOT NULL, problem character varying, body text, received_at timestamp without time zone NOT NULL );
CREATE SEQUENCE mail_tracking_webhook_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE mail_tracking_webhook_id_seq OWNED BY mail_tracking_webhook.id;
ALTER TABLE ONLY mail_tracking_check ALTER COLUMN id SET DEFAULT nextval('mail_tracking_check_id_seq'::regclass);
ALTER TABLE ONLY mail_tracking_email ALTER COLUMN id SET DEFAULT nextval('mail_tracking_email_id_seq'::regclass);
ALTER TABLE ONLY mail_tracking_event ALTER COLUMN id SET DEFAULT nextval('mail_tracking_event_id_seq'::regclass);
ALTER TABLE ONLY mail_tracking_late_report ALTER COLUMN id SET DEFAULT nextval('mail_tracking_late_report_id_seq'::regclass);
ALTER TABLE ONLY mail_tracking_provider ALTER COLUMN id SET DEFAULT nextval('mail_tracking_provider_id_seq'::regclass);
ALTER TABLE ONLY mail_tracking_test_mail ALTER COLUMN id SET DEFAULT nextval('mail_tracking_test_mail_id_seq'::regclass);
ALTER TABLE ONLY mail_tracking_viewer ALTER COLUMN id SET DEFAULT nextval('mail_tracking_viewer_id_seq'::regclass);
ALTER TABLE ONLY mail_tracking_webhook ALTER COLUMN id SET DEFAULT nextval('mail_tracking_webhook_id_seq'::regclass);
ALTER TABLE ONLY mail_tracking_check ADD CONSTRAINT mail_tracking_check_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mail_tracking_email ADD CONSTRAINT mail_tracking_email_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mail_tracking_event ADD CONSTRAINT mail_tracking_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mail_tracking_late_report ADD CONSTRAINT mail_tracking_late_report_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mail_tracking_provider ADD CONSTRAINT mail_tracking_provider_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mail_tracking_test_mail ADD CONSTRAINT mail_tracking_test_mail_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mail_tracking_viewer ADD CONSTRAINT mail_tracking_viewer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mail_tracking_webhook ADD CONSTRAINT mail_tracking_webhook_pkey PRIMARY KEY (id);
ALTER TABLE ir_mail_server ADD tracking_provider VARCHAR;
ALTER TABLE ir_mail_server ADD dsn_offer VARCHAR;
ALTER TABLE ir_mail_server ADD dsn_offer_seen_at timestamp;
ALTER TABLE ir_mail_server ADD dsn_request VARCHAR;
ALTER TABLE ir_mail_server ADD direct_mx bool;
INSERT INTO "ir_model" ("id", "model", "name", "order", "state", "transient") VALUES
(900001, 'mail.tracking.readable.mixin', '{"en_US": "Readable With Another Record"}', 'id', 'base', 'false'),
(900002, 'mail.tracking.event', '{"en_US": "Mail Tracking Event"}', 'time desc, id desc', 'base', 'false'),
(900003, 'mail.tracking.email', '{"en_US": "Mail Tracking"}', 'id desc', 'base', 'false'),
(900005, 'mail.tracking.late.report', '{"en_US": "Late Mail Delivery Report"}', 'id', 'base', 'false'),
(900007, 'mail.tracking.viewer', '{"en_US": "Open Chatter"}', 'id', 'base', 'false'),
(900009, 'mail.tracking.webhook', '{"en_US": "Provider Webhook Request"}', 'id desc', 'base', 'false'),
(900018, 'mail.tracking.provider', '{"en_US": "Mail Provider"}', 'id', 'base', 'true'),
(900019, 'mail.tracking.test.mail', '{"en_US": "Test Mail"}', 'id', 'base', 'true'),
(900020, 'mail.tracking.check', '{"en_US": "Mail Tracking Diagnosis"}', 'id', 'base', 'true');
INSERT INTO "ir_model_fields" ("id", "model", "model_id", "name", "ttype", "relation", "field_description", "state", "store") VALUES
(900005, 'mail.tracking.event', 900002, 'tracking_email_id', 'many2one', 'mail.tracking.email', '{"en_US": "Tracking"}', 'base', 'true'),
(900006, 'mail.tracking.event', 900002, 'attempt', 'integer', NULL, '{"en_US": "Attempt"}', 'base', 'true'),
(900007, 'mail.tracking.event', 900002, 'event_type', 'selection', NULL, '{"en_US": "Event"}', 'base', 'true'),
(900008, 'mail.tracking.event', 900002, 'time', 'datetime', NULL, '{"en_US": "Time"}', 'base', 'true'),
(900009, 'mail.tracking.event', 900002, 'source', 'char', NULL, '{"en_US": "Source"}', 'base', 'true'),
(900010, 'mail.tracking.event', 900002, 'recipient', 'char', NULL, '{"en_US": "Recipient"}', 'base', 'true'),
(900011, 'mail.tracking.event', 900002, 'server', 'char', NULL, '{"en_US": "Server"}', 'base', 'true'),
(900012, 'mail.tracking.event', 900002, 'diagnostic', 'text', NULL, '{"en_US": "Diagnostic"}', 'base', 'true'),
(900013, 'mail.tracking.event', 900002, 'error_type', 'selection', NULL, '{"en_US": "Reason"}', 'base', 'true'),
(900014, 'mail.tracking.event', 900002, 'evidence', 'selection', NULL, '{"en_US": "Evidence"}', 'base', 'true'),
(900015, 'mail.tracking.event', 900002, 'idempotency_key', 'char', NULL, '{"en_US": "Idempotency Key"}', 'base', 'true'),
(900021, 'mail.tracking.email', 900003, 'name', 'char', NULL, '{"en_US": "Subject"}', 'base', 'true'),
(900022, 'mail.tracking.email', 900003, 'sender', 'char', NULL, '{"en_US": "Sender"}', 'base', 'true'),
(900023, 'mail.tracking.email', 900003, 'message_id', 'char', NULL, '{"en_US": "Message-Id"}', 'base', 'true'),
(900024, 'mail.tracking.email', 900003, 'mail_message_id', 'many2one', 'mail.message', '{"en_US": "Message"}', 'base', 'true'),
(900025, 'mail.tracking.email', 900003, 'mail_id', 'integer', NULL, '{"en_US": "Mail"}', 'base', 'true'),
(900026, 'mail.tracking.email', 900003, 'model', 'char', NULL, '{"en_US": "Document Model"}', 'base', 'true'),
(900027, 'mail.tracking.email', 900003, 'res_id', 'many2one_reference', NULL, '{"en_US": "Document"}', 'base', 'true'),
(900028, 'mail.tracking.email', 900003, 'company_id', 'many2one', 'res.company', '{"en_US": "Company"}', 'base', 'true'),
(900029, 'mail.tracking.email', 900003, 'notifies_only', 'boolean', NULL, '{"en_US": "Notifies Only"}', 'base', 'true'),
(900030, 'mail.tracking.email', 900003, 'author_id', 'many2one', 'res.partner', '{"en_US": "Failures Go To"}', 'base', 'true'),
(900031, 'mail.tracking.email', 900003, 'partner_id', 'many2one', 'res.partner', '{"en_US": "Recipient Contact"}', 'base', 'true'),
(900032, 'mail.tracking.email', 900003, 'recipient', 'char', NULL, '{"en_US": "Recipient"}', 'base', 'true'),
(900033, 'mail.tracking.email', 900003, 'recipient_address', 'char', NULL, '{"en_US": "Address"}', 'base', 'true'),
(900034, 'mail.tracking.email', 900003, 'recipient_type', 'selection', NULL, '{"en_US": "Recipient Type"}', 'base', 'true'),
(900035, 'mail.tracking.email', 900003, 'state', 'selection', NULL, '{"en_US": "State"}', 'base', 'true'),
(900036, 'mail.tracking.email', 900003, 'state_time', 'datetime', NULL, '{"en_US": "Since"}', 'base', 'true'),
(900037, 'mail.tracking.email', 900003, 'attempt', 'integer', NULL, '{"en_US": "Attempt"}', 'base', 'true'),
(900038, 'mail.tracking.email', 900003, 'error_type', 'selection', NULL, '{"en_US": "Reason"}', 'base', 'true'),
(900039, 'mail.tracking.email', 900003, 'error_description', 'text', NULL, '{"en_US": "Answer"}', 'base', 'true'),
(900040, 'mail.tracking.email', 900003, 'open_count', 'integer', NULL, '{"en_US": "Openings"}', 'base', 'true'),
(900041, 'mail.tracking.email', 900003, 'first_open', 'datetime', NULL, '{"en_US": "First Opening"}', 'base', 'true'),
(900042, 'mail.tracking.email', 900003, 'last_open', 'datetime', NULL, '{"en_US": "Last Opening"}', 'base', 'true'),
(900043, 'mail.tracking.email', 900003, 'reviewed', 'boolean', NULL, '{"en_US": "Reviewed"}', 'base', 'true'),
(900045, 'mail.tracking.email', 900003, 'tracking_event_ids', 'one2many', 'mail.tracking.event', '{"en_US": "Timeline"}', 'base', 'true'),
(900046, 'mail.tracking.email', 900003, 'token', 'char', NULL, '{"en_US": "Token"}', 'base', 'true'),
(900047, 'mail.tracking.email', 900003, 'hit_count', 'integer', NULL, '{"en_US": "Hit Count"}', 'base', 'true'),
(900048, 'mail.tracking.email', 900003, 'last_hit', 'datetime', NULL, '{"en_US": "Last Hit"}', 'base', 'true'),
(900049, 'mail.tracking.email', 900003, 'last_evidence', 'char', NULL, '{"en_US": "Last Evidence"}', 'base', 'true'),
(900054, 'mail.tracking.email', 900003, 'followed_up', 'boolean', NULL, '{"en_US": "Followed Up"}', 'base', 'true'),
(900057, 'mail.tracking.late.report', 900005, 'raw', 'binary', NULL, '{"en_US": "Raw"}', 'base', 'true'),
(900058, 'mail.tracking.late.report', 900005, 'tracking_id', 'integer', NULL, '{"en_US": "Tracking"}', 'base', 'true'),
(900065, 'mail.tracking.viewer', 900007, 'browser', 'char', NULL, '{"en_US": "Browser"}', 'base', 'true'),
(900066, 'mail.tracking.viewer', 900007, 'user_id', 'many2one', 'res.users', '{"en_US": "User"}', 'base', 'true'),
(900067, 'mail.tracking.viewer', 900007, 'model', 'char', NULL, '{"en_US": "Model"}', 'base', 'true'),
(900068, 'mail.tracking.viewer', 900007, 'res_id', 'integer', NULL, '{"en_US": "Res"}', 'base', 'true'),
(900069, 'mail.tracking.viewer', 900007, 'since', 'datetime', NULL, '{"en_US": "Since"}', 'base', 'true'),
(900072, 'mail.tracking.webhook', 900009, 'provider', 'selection', NULL, '{"en_US": "Provider"}', 'base', 'true'),
(900073, 'mail.tracking.webhook', 900009, 'received_at', 'datetime', NULL, '{"en_US": "Received"}', 'base', 'true'),
(900074, 'mail.tracking.webhook', 900009, 'body', 'text', NULL, '{"en_US": "Content"}', 'base', 'true'),
(900075, 'mail.tracking.webhook', 900009, 'request_key', 'char', NULL, '{"en_US": "Request Key"}', 'base', 'true'),
(900076, 'mail.tracking.webhook', 900009, 'state', 'selection', NULL, '{"en_US": "State"}', 'base', 'true'),
(900077, 'mail.tracking.webhook', 900009, 'event_count', 'integer', NULL, '{"en_US": "New Events"}', 'base', 'true'),
(900078, 'mail.tracking.webhook', 900009, 'ignored_count', 'integer', NULL, '{"en_US": "Ignored"}', 'base', 'true'),
(900079, 'mail.tracking.webhook', 900009, 'problem', 'char', NULL, '{"en_US": "Problem"}', 'base', 'true'),
(900080, 'ir.mail_server', pg_temp.ref('base.model_ir_mail_server'), 'tracking_provider', 'selection', NULL, '{"en_US": "Provider"}', 'base', 'true'),
(900081, 'ir.mail_server', pg_temp.ref('base.model_ir_mail_server'), 'dsn_offer', 'selection', NULL, '{"en_US": "Reports of the Server"}', 'base', 'true'),
(900082, 'ir.mail_server', pg_temp.ref('base.model_ir_mail_server'), 'dsn_offer_seen_at', 'datetime', NULL, '{"en_US": "Last Looked"}', 'base', 'true'),
(900086, 'ir.mail_server', pg_temp.ref('base.model_ir_mail_server'), 'dsn_request', 'selection', NULL, '{"en_US": "Delivery Reports"}', 'base', 'true'),
(900087, 'ir.mail_server', pg_temp.ref('base.model_ir_mail_server'), 'direct_mx', 'boolean', NULL, '{"en_US": "Delivers to Recipients'' Servers"}', 'base', 'true'),
(900107, 'mail.tracking.provider', 900018, 'provider', 'selection', NULL, '{"en_US": "Provider"}', 'base', 'true'),
(900121, 'mail.tracking.test.mail', 900019, 'mail_server_id', 'many2one', 'ir.mail_server', '{"en_US": "Outgoing Server"}', 'base', 'true'),
(900122, 'mail.tracking.test.mail', 900019, 'tracking_id', 'many2one', 'mail.tracking.email', '{"en_US": "Tracking"}', 'base', 'true'),
(900134, 'mail.tracking.check', 900020, 'name', 'char', NULL, '{"en_US": "Checked"}', 'base', 'true'),
(900135, 'mail.tracking.check', 900020, 'result', 'selection', NULL, '{"en_US": "Result"}', 'base', 'true'),
(900136, 'mail.tracking.check', 900020, 'finding', 'text', NULL, '{"en_US": "Finding"}', 'base', 'true'),
(900137, 'mail.tracking.check', 900020, 'advice', 'text', NULL, '{"en_US": "What to Do"}', 'base', 'true');
INSERT INTO "ir_act_server" ("id", "name", "type", "usage", "binding_type", "model_id", "state", "code") VALUES
(900001, '{"en_US": "Mail tracking: mend states"}', 'ir.actions.server', 'ir_cron', 'action', 900003, 'code', 'model._cron_mend_states()'),
(900002, '{"en_US": "Mail tracking: process what providers have sent"}', 'ir.actions.server', 'ir_cron', 'action', 900009, 'code', 'model._cron_process()'),
(900003, '{"en_US": "Mail tracking: follow up mails that failed or were not opened"}', 'ir.actions.server', 'ir_cron', 'action', 900003, 'code', 'model._cron_follow_up()'),
(900007, '{"en_US": "Mail providers"}', 'ir.actions.server', 'ir_actions_server', 'action', 900018, 'code', 'action = model.action_open_pages()'),
(900008, '{"en_US": "Diagnosis of mail tracking"}', 'ir.actions.server', 'ir_actions_server', 'action', 900020, 'code', 'action = model.action_diagnose()');
INSERT INTO "ir_cron" ("id", "ir_actions_server_id", "cron_name", "user_id", "interval_number", "interval_type", "nextcall", "priority", "active") VALUES
(900001, 900001, 'Mail tracking: mend states', pg_temp.ref('base.user_root'), 1, 'hours', '2026-11-26 18:06:00', 20, 'true'),
(900002, 900002, 'Mail tracking: process what providers have sent', pg_temp.ref('base.user_root'), 1, 'hours', '2026-11-26 18:06:00', 6, 'true'),
(900003, 900003, 'Mail tracking: follow up mails that failed or were not opened', pg_temp.ref('base.user_root'), 1, 'hours', '2026-11-26 18:06:00', 20, 'false');
INSERT INTO "ir_asset" ("id", "name", "bundle", "directive", "path", "sequence", "active") VALUES
(900001, 'mail_activity_tracking: web client', 'web.assets_backend', 'append', 'mail_activity_tracking/static/src/**/*', 16, 'true'),
(900002, 'mail_activity_tracking: unit tests', 'web.assets_unit_tests', 'append', 'mail_activity_tracking/static/tests/**/*', 16, 'true'),
(900003, 'mail_activity_tracking: tours are no unit tests', 'web.assets_unit_tests', 'remove', 'mail_activity_tracking/static/tests/tours/**/*', 17, 'true'),
(900004, 'mail_activity_tracking: tours', 'web.assets_tests', 'append', 'mail_activity_tracking/static/tests/tours/**/*', 16, 'true');
INSERT INTO "ir_model_access" ("id", "name", "model_id", "group_id", "active", "perm_read", "perm_write", "perm_create", "perm_unlink") VALUES
(900001, 'mail.tracking.email.user', 900003, pg_temp.ref('base.group_user'), 'true', 'true', 'false', 'false', 'false'),
(900002, 'mail.tracking.event.user', 900002, pg_temp.ref('base.group_user'), 'true', 'true', 'false', 'false', 'false'),
(900003, 'mail.tracking.viewer', 900007, pg_temp.ref('base.group_system'), 'true', 'false', 'false', 'false', 'false'),
(900004, 'mail.tracking.late.report.system', 900005, pg_temp.ref('base.group_system'), 'true', 'true', 'false', 'false', 'false'),
(900005, 'mail.tracking.webhook.system', 900009, pg_temp.ref('base.group_system'), 'true', 'true', 'false', 'false', 'false'),
(900006, 'mail.tracking.provider.system', 900018, pg_temp.ref('base.group_system'), 'true', 'true', 'true', 'true', 'false'),
(900007, 'mail.tracking.check.system', 900020, pg_temp.ref('base.group_system'), 'true', 'true', 'false', 'true', 'false'),
(900008, 'mail.tracking.test.mail.system', 900019, pg_temp.ref('base.group_system'), 'true', 'true', 'true', 'true', 'false');
INSERT INTO "ir_model_data" ("id", "module", "name", "model", "res_id", "noupdate") VALUES
(900014, 'mail_activity_tracking', 'model_mail_tracking_readable_mixin', 'ir.model', 900001, 'false'),
(900015, 'mail_activity_tracking', 'model_mail_tracking_event', 'ir.model', 900002, 'false'),
(900016, 'mail_activity_tracking', 'model_mail_tracking_email', 'ir.model', 900003, 'false'),
(900017, 'mail_activity_tracking', 'model_mail_tracking_late_report', 'ir.model', 900005, 'false'),
(900018, 'mail_activity_tracking', 'model_mail_tracking_viewer', 'ir.model', 900007, 'false'),
(900019, 'mail_activity_tracking', 'model_mail_tracking_webhook', 'ir.model', 900009, 'false'),
(900020, 'mail_activity_tracking', 'model_mail_tracking_provider', 'ir.model', 900018, 'false'),
(900021, 'mail_activity_tracking', 'model_mail_tracking_test_mail', 'ir.model', 900019, 'false'),
(900022, 'mail_activity_tracking', 'model_mail_tracking_check', 'ir.model', 900020, 'false'),
(901343, 'mail_activity_tracking', 'access_mail_tracking_email_user', 'ir.model.access', 900001, 'false'),
(901344, 'mail_activity_tracking', 'access_mail_tracking_event_user', 'ir.model.access', 900002, 'false'),
(901345, 'mail_activity_tracking', 'access_mail_tracking_viewer', 'ir.model.access', 900003, 'false'),
(901346, 'mail_activity_tracking', 'access_mail_tracking_late_report_system', 'ir.model.access', 900004, 'false'),
(901347, 'mail_activity_tracking', 'access_mail_tracking_webhook_system', 'ir.model.access', 900005, 'false'),
(901348, 'mail_activity_tracking', 'access_mail_tracking_provider_system', 'ir.model.access', 900006, 'false'),
(901349, 'mail_activity_tracking', 'access_mail_tracking_check_system', 'ir.model.access', 900007, 'false'),
(901350, 'mail_activity_tracking', 'access_mail_tracking_test_mail_system', 'ir.model.access', 900008, 'false'),
(901353, 'mail_activity_tracking', 'ir_asset_backend', 'ir.asset', 900001, 'false'),
(901354, 'mail_activity_tracking', 'ir_asset_unit_tests', 'ir.asset', 900002, 'false'),
(901355, 'mail_activity_tracking', 'ir_asset_unit_tests_no_tours', 'ir.asset', 900003, 'false'),
(901356, 'mail_activity_tracking', 'ir_asset_tours', 'ir.asset', 900004, 'false'),
(901357, 'mail_activity_tracking', 'mail_tracking_email_cron_mend_ir_actions_server', 'ir.actions.server', 900001, 'true'),
(901358, 'mail_activity_tracking', 'mail_tracking_email_cron_mend', 'ir.cron', 900001, 'true'),
(901359, 'mail_activity_tracking', 'mail_tracking_webhook_cron_ir_actions_server', 'ir.actions.server', 900002, 'true'),
(901360, 'mail_activity_tracking', 'mail_tracking_webhook_cron', 'ir.cron', 900002, 'true'),
(901361, 'mail_activity_tracking', 'mail_tracking_email_cron_follow_up_ir_actions_server', 'ir.actions.server', 900003, 'true'),
(901362, 'mail_activity_tracking', 'mail_tracking_email_cron_follow_up', 'ir.cron', 900003, 'true'),
(901385, 'mail_activity_tracking', 'mail_tracking_provider_action', 'ir.actions.server', 900007, 'false'),
(901387, 'mail_activity_tracking', 'mail_tracking_check_action', 'ir.actions.server', 900008, 'false');
INSERT INTO "ir_config_parameter" ("id", "key", "value") VALUES
(900001, 'mail_activity_tracking.retention_days', 90),
(900002, 'mail_activity_tracking.follow_up_days', 5),
(900003, 'mail_activity_tracking.webhook_key_mailgun', 'release-key'),
(900004, 'mail_activity_tracking.base_url', 'https://release.example.com');
INSERT INTO "ir_mail_server" ("id", "name", "smtp_host", "smtp_port", "smtp_encryption", "smtp_authentication", "sequence", "active", "dsn_request") VALUES
(900001, 'Of the release', 'localhost', 25, 'none', 'login', 10, 'true', 'all');
INSERT INTO "res_partner" ("id", "name", "complete_name", "email", "email_normalized", "active", "type") VALUES
(900001, 'Release waiting', 'Release waiting', 'waiting@example.com', 'waiting@example.com', 'true', 'contact'),
(900002, 'Release canceled', 'Release canceled', 'canceled@example.com', 'canceled@example.com', 'true', 'contact'),
(900003, 'Release sent', 'Release sent', 'sent@example.com', 'sent@example.com', 'true', 'contact'),
(900004, 'Release deferred', 'Release deferred', 'deferred@example.com', 'deferred@example.com', 'true', 'contact'),
(900005, 'Release delivered', 'Release delivered', 'delivered@example.com', 'delivered@example.com', 'true', 'contact'),
(900006, 'Release error', 'Release error', 'error@example.com', 'error@example.com', 'true', 'contact'),
(900007, 'Release rejected', 'Release rejected', 'rejected@example.com', 'rejected@example.com', 'true', 'contact'),
(900008, 'Release soft_bounced', 'Release soft_bounced', 'soft_bounced@example.com', 'soft_bounced@example.com', 'true', 'contact'),
(900009, 'Release bounced', 'Release bounced', 'bounced@example.com', 'bounced@example.com', 'true', 'contact'),
(900010, 'Release opened', 'Release opened', 'opened@example.com', 'opened@example.com', 'true', 'contact'),
(900011, 'Release unsub', 'Release unsub', 'unsub@example.com', 'unsub@example.com', 'true', 'contact'),
(900012, 'Release spam', 'Release spam', 'spam@example.com', 'spam@example.com', 'true', 'contact'),
(900013, 'Release again', 'Release again', 'again@example.com', 'again@example.com', 'true', 'contact'),
(900014, 'Release', 'Release', NULL, NULL, 'true', 'contact'),
(900015, 'Release', 'Release', NULL, NULL, 'true', 'contact');
INSERT INTO "mail_message" ("id", "model", "res_id", "message_type", "subtype_id", "message_id", "date", "subject", "body", "email_from", "author_id") VALUES
(900023, 'res.partner', 900014, 'comment', pg_temp.ref('mail.mt_comment'), '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', '2026-11-26 18:06:13', 'Of the release', '<span>Hello</span>', '"OdooBot" <odoobot@example.com>', pg_temp.ref('base.partner_root')),
(900025, 'res.partner', 900015, 'comment', pg_temp.ref('mail.mt_comment'), '<130713852526278.1795716373.960979938507080-openerp-900015-res.partner@vm>', '2026-11-26 18:06:13', 'Of the release', '<span>Hello</span>', '"OdooBot" <odoobot@example.com>', pg_temp.ref('base.partner_root'));
INSERT INTO "mail_mail" ("id", "mail_message_id", "state", "email_to", "body_html", "auto_delete", "is_notification") VALUES
(900001, 900023, 'outgoing', NULL, '
<html lang="en_US">
<head>
    <meta http-equiv="Content-Type" content="text/html charset=UTF-8"/>
</head>
<body style="font-family:Verdana, Arial,sans-serif; color: #454748;">

<div style="display: none; max-height: 0px; overflow: hidden; color:#fff; font-size:0px; line-height:0px">Hello
    
    ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ 
</div>
<div style="max-width: 900px; width: 100%;">

<div style="font-size: 13px;"><span>Hello</span></div>



</div>
</body></html>', 'true', 'true'),
(900002, 900025, 'outgoing', 'raw@example.com', '
<html lang="en_US">
<head>
    <meta http-equiv="Content-Type" content="text/html charset=UTF-8"/>
</head>
<body style="font-family:Verdana, Arial,sans-serif; color: #454748;">

<div style="display: none; max-height: 0px; overflow: hidden; color:#fff; font-size:0px; line-height:0px">Hello
    
    ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ ͏ ​ 
</div>
<div style="max-width: 900px; width: 100%;">

<div style="font-size: 13px;"><span>Hello</span></div>



</div>
</body></html>', 'true', 'true');
INSERT INTO "mail_mail_res_partner_rel" ("mail_mail_id", "res_partner_id") VALUES
(900001, 900001),
(900001, 900002),
(900001, 900003),
(900001, 900004),
(900001, 900005),
(900001, 900006),
(900001, 900007),
(900001, 900008),
(900001, 900009),
(900001, 900010),
(900001, 900011),
(900001, 900012),
(900001, 900013);
INSERT INTO "mail_notification" ("id", "mail_message_id", "author_id", "res_partner_id", "mail_email_address", "mail_mail_id", "notification_type", "notification_status", "is_read") VALUES
(900001, 900023, pg_temp.ref('base.partner_root'), 900001, NULL, 900001, 'email', 'ready', 'true'),
(900002, 900023, pg_temp.ref('base.partner_root'), 900002, NULL, 900001, 'email', 'ready', 'true'),
(900003, 900023, pg_temp.ref('base.partner_root'), 900003, NULL, 900001, 'email', 'ready', 'true'),
(900004, 900023, pg_temp.ref('base.partner_root'), 900004, NULL, 900001, 'email', 'ready', 'true'),
(900005, 900023, pg_temp.ref('base.partner_root'), 900005, NULL, 900001, 'email', 'ready', 'true'),
(900006, 900023, pg_temp.ref('base.partner_root'), 900006, NULL, 900001, 'email', 'ready', 'true'),
(900007, 900023, pg_temp.ref('base.partner_root'), 900007, NULL, 900001, 'email', 'ready', 'true'),
(900008, 900023, pg_temp.ref('base.partner_root'), 900008, NULL, 900001, 'email', 'ready', 'true'),
(900009, 900023, pg_temp.ref('base.partner_root'), 900009, NULL, 900001, 'email', 'ready', 'true'),
(900010, 900023, pg_temp.ref('base.partner_root'), 900010, NULL, 900001, 'email', 'ready', 'true'),
(900011, 900023, pg_temp.ref('base.partner_root'), 900011, NULL, 900001, 'email', 'ready', 'true'),
(900012, 900023, pg_temp.ref('base.partner_root'), 900012, NULL, 900001, 'email', 'ready', 'true'),
(900013, 900023, pg_temp.ref('base.partner_root'), 900013, NULL, 900001, 'email', 'ready', 'true'),
(900014, 900025, pg_temp.ref('base.partner_root'), NULL, 'raw@example.com', 900002, 'email', 'ready', 'true');
INSERT INTO "mail_tracking_event" ("id", "tracking_email_id", "attempt", "event_type", "source", "server", "error_type", "evidence", "diagnostic", "time") VALUES
(1, 1, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(2, 2, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(3, 3, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(4, 4, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(5, 5, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(6, 6, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(7, 7, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(8, 8, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(9, 9, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(10, 10, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(11, 11, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(12, 12, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(13, 13, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(14, 2, 1, 'canceled', 'smtp', NULL, 'mail_bl', NULL, NULL, '2026-10-01 08:00:00'),
(15, 3, 1, 'sent', 'smtp', 'mx.example.com', NULL, NULL, NULL, '2026-10-01 08:00:00'),
(16, 4, 1, 'sent', 'smtp', NULL, NULL, NULL, NULL, '2026-10-01 08:00:00'),
(17, 4, 1, 'deferral', 'dsn', NULL, NULL, NULL, NULL, '2026-10-01 08:01:00'),
(18, 5, 1, 'sent', 'smtp', NULL, NULL, NULL, NULL, '2026-10-01 08:00:00'),
(19, 5, 1, 'delivered', 'dsn', NULL, NULL, NULL, NULL, '2026-10-01 08:01:00'),
(20, 6, 1, 'error', 'smtp', NULL, 'mail_smtp', NULL, 'refused', '2026-10-01 08:00:00'),
(21, 7, 1, 'sent', 'smtp', NULL, NULL, NULL, NULL, '2026-10-01 08:00:00'),
(22, 7, 1, 'reject', 'webhook:mailgun', NULL, NULL, NULL, NULL, '2026-10-01 08:01:00'),
(23, 8, 1, 'sent', 'smtp', NULL, NULL, NULL, NULL, '2026-10-01 08:00:00'),
(24, 8, 1, 'soft_bounce', 'smtp', NULL, 'mailbox_full', NULL, NULL, '2026-10-01 08:01:00'),
(25, 9, 1, 'sent', 'smtp', NULL, NULL, NULL, NULL, '2026-10-01 08:00:00'),
(26, 9, 1, 'hard_bounce', 'smtp', NULL, 'address_unknown', NULL, NULL, '2026-10-01 08:01:00'),
(27, 10, 1, 'sent', 'smtp', NULL, NULL, NULL, NULL, '2026-10-01 08:00:00'),
(28, 10, 1, 'open', 'pixel', NULL, NULL, 'human', NULL, '2026-10-01 08:01:00'),
(29, 11, 1, 'sent', 'smtp', NULL, NULL, NULL, NULL, '2026-10-01 08:00:00'),
(30, 11, 1, 'unsub', 'webhook:mailgun', NULL, NULL, NULL, NULL, '2026-10-01 08:01:00'),
(31, 12, 1, 'sent', 'smtp', NULL, NULL, NULL, NULL, '2026-10-01 08:00:00'),
(32, 12, 1, 'spam', 'arf', NULL, NULL, NULL, NULL, '2026-10-01 08:01:00'),
(33, 13, 1, 'error', 'smtp', NULL, 'mail_smtp', NULL, 'refused', '2026-10-01 08:00:00'),
(34, 13, 2, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13'),
(35, 13, 2, 'sent', 'smtp', NULL, NULL, NULL, NULL, '2026-10-01 08:00:00'),
(36, 13, 2, 'delivered', 'dsn', NULL, NULL, NULL, NULL, '2026-10-01 08:01:00'),
(37, 14, 1, 'queued', 'queue', NULL, NULL, NULL, NULL, '2026-11-26 18:06:13');
SELECT setval('mail_tracking_event_id_seq', 1000);
INSERT INTO "mail_tracking_email" ("id", "mail_message_id", "mail_id", "res_id", "company_id", "author_id", "partner_id", "attempt", "create_uid", "write_uid", "name", "sender", "message_id", "model", "recipient", "recipient_address", "recipient_type", "state", "error_type", "token", "error_description", "reviewed", "state_time", "create_date", "write_date") VALUES
(1, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900001, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release waiting" <waiting@example.com>', 'waiting@example.com', 'to', 'waiting', NULL, 'cjnb4kbg5ahyl4467e2fy7oea4', NULL, NULL, '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(2, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900002, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release canceled" <canceled@example.com>', 'canceled@example.com', 'to', 'canceled', 'mail_bl', 'uoecsvobe7xjfx4azboafpnabi', NULL, NULL, '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(3, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900003, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release sent" <sent@example.com>', 'sent@example.com', 'to', 'sent', NULL, 'oq5ov3d5mimbmzeilojvnjv3gm', NULL, NULL, '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(4, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900004, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release deferred" <deferred@example.com>', 'deferred@example.com', 'to', 'deferred', NULL, 'he5lv5ln5qrm5ki5awlolzcie4', NULL, NULL, '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(5, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900005, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release delivered" <delivered@example.com>', 'delivered@example.com', 'to', 'delivered', NULL, 'wxyftzpjgmwrk5czphoflovdni', NULL, NULL, '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(6, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900006, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release error" <error@example.com>', 'error@example.com', 'to', 'error', 'mail_smtp', 'eqtzabrhmm73w7v6ndvh4h6ioi', 'refused', 'false', '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(7, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900007, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release rejected" <rejected@example.com>', 'rejected@example.com', 'to', 'rejected', NULL, 'xjcl3yhxsn2kw5hjauuao74zky', NULL, 'false', '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(8, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900008, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release soft_bounced" <soft_bounced@example.com>', 'soft_bounced@example.com', 'to', 'soft_bounced', 'mailbox_full', 'ulc4faffx73acypmgplhxhwnbe', NULL, 'false', '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(9, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900009, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release bounced" <bounced@example.com>', 'bounced@example.com', 'to', 'bounced', 'address_unknown', '3prnxnfmtk4tkkpsb4fynbfhem', NULL, 'true', '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(10, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900010, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release opened" <opened@example.com>', 'opened@example.com', 'to', 'opened', NULL, 't557v7v5g4e2jholm7gndlenbe', NULL, NULL, '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(11, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900011, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release unsub" <unsub@example.com>', 'unsub@example.com', 'to', 'unsub', NULL, 'u5a5deohajbbhm63z6r3jpjxk4', NULL, NULL, '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(12, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900012, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release spam" <spam@example.com>', 'spam@example.com', 'to', 'spam', NULL, 'iqkcgsjalko7ggzhrfhh54l7q4', NULL, 'false', '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(13, 900023, 900001, 900014, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), 900013, 2, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<841674541649834.1795716373.592682600021362-openerp-900014-res.partner@vm>', 'res.partner', '"Release again" <again@example.com>', 'again@example.com', 'to', 'delivered', NULL, 'mcac7g7rsooiyih6f2h56mlpem', NULL, 'false', '2026-11-26 18:06:14', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282'),
(14, 900025, 900002, 900015, pg_temp.ref('base.main_company'), pg_temp.ref('base.partner_root'), NULL, 1, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), 'Of the release', '"OdooBot" <odoobot@example.com>', '<130713852526278.1795716373.960979938507080-openerp-900015-res.partner@vm>', 'res.partner', 'raw@example.com', 'raw@example.com', 'to', 'waiting', NULL, '5vuv5wh6yghr7ujptnqz46zucu', NULL, NULL, '2026-11-26 18:06:13', '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282');
SELECT setval('mail_tracking_email_id_seq', 1000);
INSERT INTO "mail_tracking_late_report" ("id", "tracking_id", "create_uid", "write_uid", "create_date", "write_date", "raw") VALUES
(1, 14, pg_temp.ref('base.user_root'), pg_temp.ref('base.user_root'), '2026-11-26 18:06:13.33282', '2026-11-26 18:06:13.33282', '\x5647397649475668636d7835');
SELECT setval('mail_tracking_late_report_id_seq', 1000);
INSERT INTO "mail_tracking_viewer" ("id", "user_id", "res_id", "browser", "model", "since") VALUES
(1, pg_temp.ref('base.user_root'), 900015, 'release', 'res.partner', '2026-11-26 18:06:14');
SELECT setval('mail_tracking_viewer_id_seq', 1000);
INSERT INTO "mail_tracking_webhook" ("id", "provider", "request_key", "state", "body", "received_at") VALUES
(1, 'generic', 'release-pending', 'pending', '[]', '2026-10-01 08:00:00'),
(2, 'generic', 'release-done', 'done', '[]', '2026-10-01 08:00:00'),
(3, 'generic', 'release-failed', 'failed', '[]', '2026-10-01 08:00:00');
SELECT setval('mail_tracking_webhook_id_seq', 1000);
SELECT setval('mail_tracking_provider_id_seq', 1000);
SELECT setval('mail_tracking_test_mail_id_seq', 1000);
SELECT setval('mail_tracking_check_id_seq', 1000);
CREATE INDEX mail_tracking_email__author_id_index ON mail_tracking_email USING btree (author_id) WHERE (author_id IS NOT NULL);
CREATE INDEX mail_tracking_email__mail_id_index ON mail_tracking_email USING btree (mail_id) WHERE (mail_id IS NOT NULL);
CREATE INDEX mail_tracking_email__mail_message_id_index ON mail_tracking_email USING btree (mail_message_id) WHERE (mail_message_id IS NOT NULL);
CREATE INDEX mail_tracking_email__partner_id_index ON mail_tracking_email USING btree (partner_id) WHERE (partner_id IS NOT NULL);
CREATE INDEX mail_tracking_email_bounced ON mail_tracking_email USING btree (recipient_address) WHERE ((state)::text = 'bounced'::text);
CREATE INDEX mail_tracking_email_create_date ON mail_tracking_email USING brin (create_date);
CREATE INDEX mail_tracking_email_document ON mail_tracking_email USING btree (res_id, model, mail_message_id DESC) INCLUDE (state, error_type) WHERE ((mail_message_id IS NOT NULL) AND (notifies_only IS NOT TRUE) AND ((state)::text <> 'canceled'::text));
CREATE INDEX mail_tracking_email_document_failed ON mail_tracking_email USING btree (model, res_id, mail_message_id) INCLUDE (state, error_type) WHERE ((mail_message_id IS NOT NULL) AND (notifies_only IS NOT TRUE) AND ((state)::text <> 'canceled'::text) AND ((state)::text = ANY ((ARRAY['error'::character varying, 'rejected'::character varying, 'soft_bounced'::character varying, 'bounced'::character varying, 'spam'::character varying])::text[])));
CREATE INDEX mail_tracking_email_failed_author ON mail_tracking_email USING btree (author_id, mail_message_id DESC) WHERE (((state)::text = ANY ((ARRAY['error'::character varying, 'rejected'::character varying, 'soft_bounced'::character varying, 'bounced'::character varying, 'spam'::character varying])::text[])) AND (reviewed IS NOT TRUE));
CREATE INDEX mail_tracking_email_failed_document ON mail_tracking_email USING btree (model, res_id, id DESC) WHERE (((state)::text = ANY ((ARRAY['error'::character varying, 'rejected'::character varying, 'soft_bounced'::character varying, 'bounced'::character varying, 'spam'::character varying])::text[])) AND (reviewed IS NOT TRUE));
CREATE INDEX mail_tracking_email_message_id ON mail_tracking_email USING btree (message_id) WHERE (mail_message_id IS NULL);
CREATE INDEX mail_tracking_email_through ON mail_tracking_email USING btree (recipient_address, state_time) WHERE ((state)::text = ANY ((ARRAY['delivered'::character varying, 'opened'::character varying, 'unsub'::character varying, 'spam'::character varying])::text[]));
CREATE INDEX mail_tracking_email_token ON mail_tracking_email USING hash (token);
CREATE INDEX mail_tracking_email_waiting ON mail_tracking_email USING btree (id) WHERE ((state)::text = 'waiting'::text);
CREATE INDEX mail_tracking_email_without_partner ON mail_tracking_email USING btree (recipient_address) WHERE ((partner_id IS NULL) AND (recipient_address IS NOT NULL));
CREATE INDEX mail_tracking_event__tracking_email_id_index ON mail_tracking_event USING btree (tracking_email_id);
CREATE INDEX mail_tracking_event_idempotency_key ON mail_tracking_event USING btree (idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX mail_tracking_event_time ON mail_tracking_event USING brin ("time");
CREATE INDEX mail_tracking_late_report__tracking_id_index ON mail_tracking_late_report USING btree (tracking_id);
CREATE INDEX mail_tracking_viewer__browser_index ON mail_tracking_viewer USING btree (browser);
CREATE INDEX mail_tracking_viewer_document ON mail_tracking_viewer USING btree (model, res_id);
CREATE INDEX mail_tracking_webhook_pending ON mail_tracking_webhook USING btree (id) WHERE ((state)::text = 'pending'::text);
CREATE INDEX mail_tracking_webhook_received_at ON mail_tracking_webhook USING btree (provider, received_at);
CREATE UNIQUE INDEX mail_tracking_webhook_request_key ON mail_tracking_webhook USING btree (provider, request_key);
ALTER TABLE ONLY mail_tracking_check ADD CONSTRAINT mail_tracking_check_create_uid_fkey FOREIGN KEY (create_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_check ADD CONSTRAINT mail_tracking_check_write_uid_fkey FOREIGN KEY (write_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_email ADD CONSTRAINT mail_tracking_email_author_id_fkey FOREIGN KEY (author_id) REFERENCES res_partner(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_email ADD CONSTRAINT mail_tracking_email_company_id_fkey FOREIGN KEY (company_id) REFERENCES res_company(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_email ADD CONSTRAINT mail_tracking_email_create_uid_fkey FOREIGN KEY (create_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_email ADD CONSTRAINT mail_tracking_email_mail_message_id_fkey FOREIGN KEY (mail_message_id) REFERENCES mail_message(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_email ADD CONSTRAINT mail_tracking_email_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES res_partner(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_email ADD CONSTRAINT mail_tracking_email_write_uid_fkey FOREIGN KEY (write_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_event ADD CONSTRAINT mail_tracking_event_tracking_email_id_fkey FOREIGN KEY (tracking_email_id) REFERENCES mail_tracking_email(id) ON DELETE CASCADE;
ALTER TABLE ONLY mail_tracking_late_report ADD CONSTRAINT mail_tracking_late_report_create_uid_fkey FOREIGN KEY (create_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_late_report ADD CONSTRAINT mail_tracking_late_report_write_uid_fkey FOREIGN KEY (write_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_provider ADD CONSTRAINT mail_tracking_provider_create_uid_fkey FOREIGN KEY (create_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_provider ADD CONSTRAINT mail_tracking_provider_write_uid_fkey FOREIGN KEY (write_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_test_mail ADD CONSTRAINT mail_tracking_test_mail_create_uid_fkey FOREIGN KEY (create_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_test_mail ADD CONSTRAINT mail_tracking_test_mail_mail_server_id_fkey FOREIGN KEY (mail_server_id) REFERENCES ir_mail_server(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_test_mail ADD CONSTRAINT mail_tracking_test_mail_tracking_id_fkey FOREIGN KEY (tracking_id) REFERENCES mail_tracking_email(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_test_mail ADD CONSTRAINT mail_tracking_test_mail_write_uid_fkey FOREIGN KEY (write_uid) REFERENCES res_users(id) ON DELETE SET NULL;
ALTER TABLE ONLY mail_tracking_viewer ADD CONSTRAINT mail_tracking_viewer_user_id_fkey FOREIGN KEY (user_id) REFERENCES res_users(id) ON DELETE CASCADE;;
INSERT INTO ir_model_data (module, model, res_id, name)
SELECT 'mail_activity_tracking', 'ir.model.fields', id,
       'field_' || replace(model, '.', '_') || '__' || name
  FROM ir_model_fields WHERE id >= 900001;
UPDATE ir_module_module SET state = 'installed', latest_version = '19.0.1.0.0'
 WHERE name = 'mail_activity_tracking';
