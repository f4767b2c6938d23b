"""The first form."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Against mistakes in our own code: the log can only be appended to.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
        "CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
        "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("fact", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("post_id", sa.String(length=32), nullable=True),
        sa.Column("organization_id", sa.String(length=32), nullable=True),
        sa.Column("behalf_of_id", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("subject_type", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=True),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("definition_id", sa.String(length=32), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("facts", base.Json, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_order", ["order_id", "seq"], unique=False)
        batch_op.create_index("ix_audit_organization", ["organization_id", "seq"], unique=False)
        batch_op.create_index("ix_audit_person", ["person_id", "seq"], unique=False)
        batch_op.create_index("ix_audit_subject", ["subject_id", "seq"], unique=False)

    op.create_table(
        "audit_tip",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_tip")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "definitions",
        sa.Column("process_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("starts_on", base.Json, nullable=False),
        sa.Column("startable", sa.Boolean(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("deployed_at", base.UTCDateTime(), nullable=False),
        sa.Column("deployed_by", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("retired_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definitions")),
        sa.UniqueConstraint("process_id", "hash", name=op.f("uq_definitions_process_id_hash")),
        sa.UniqueConstraint("process_id", "version", name=op.f("uq_definitions_process_id_version")),
    )
    with op.batch_alter_table("definitions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_definitions_hash"), ["hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_definitions_process_id"), ["process_id"], unique=False)

    op.create_table(
        "indicators",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("unit_en", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("aggregation", sa.String(length=12), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("base", base.ExactDecimal(), nullable=True),
        sa.Column("base_note", sa.Text(), nullable=True),
        sa.Column("series", sa.String(length=40), nullable=True),
        sa.Column("is_money", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_fold", sa.String(length=600), nullable=False),
        sa.Column("name_sort", sa.String(length=1500), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_indicators")),
    )
    op.create_table(
        "levels",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("valid_from", base.UTCDateTime(), nullable=True),
        sa.Column("valid_to", base.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_levels")),
    )
    op.create_table(
        "lineages",
        sa.Column("from_id", sa.String(length=32), nullable=False),
        sa.Column("to_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=True),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineages")),
    )
    with op.batch_alter_table("lineages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lineages_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lineages_to_id"), ["to_id"], unique=False)

    op.create_table(
        "organization_types",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("system", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organization_types")),
    )
    op.create_table(
        "saved_views",
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("organization_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_views_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saved_views_person_id"), ["person_id"], unique=False)

    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_attempts_address", ["address", "at"], unique=False)
        batch_op.create_index("ix_attempts_login", ["login", "at"], unique=False)

    op.create_table(
        "start_messages",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("process_id", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_start_messages")),
    )
    op.create_table(
        "areas",
        sa.Column("level_code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_fold", sa.String(length=600), nullable=False),
        sa.Column("name_sort", sa.String(length=1500), nullable=False),
        sa.Column("valid_from", base.UTCDateTime(), nullable=True),
        sa.Column("valid_to", base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["level_code"], ["levels.code"], name=op.f("fk_areas_level_code")),
        sa.ForeignKeyConstraint(["parent_id"], ["areas.id"], name=op.f("fk_areas_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
    )
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_areas_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "definition_files",
        sa.Column("definition_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name=op.f("fk_definition_files_definition_id")),
        sa.PrimaryKeyConstraint("definition_id", "name", name=op.f("pk_definition_files")),
    )
    op.create_table(
        "distincts",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("indicator_code", sa.String(length=60), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("member", sa.String(length=40), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_distincts_area_id")),
        sa.ForeignKeyConstraint(["indicator_code"], ["indicators.code"], name=op.f("fk_distincts_indicator_code")),
        sa.PrimaryKeyConstraint("order_id", "indicator_code", "area_id", "member", name=op.f("pk_distincts")),
    )
    op.create_table(
        "organizations",
        sa.Column("type_code", sa.String(length=40), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("short_name", sa.String(length=200), nullable=False),
        sa.Column("aliases", base.Json, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_fold", sa.String(length=600), nullable=False),
        sa.Column("name_sort", sa.String(length=1500), nullable=False),
        sa.Column("valid_from", base.UTCDateTime(), nullable=True),
        sa.Column("valid_to", base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_organizations_area_id")),
        sa.ForeignKeyConstraint(["type_code"], ["organization_types.code"], name=op.f("fk_organizations_type_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organizations_area_id"), ["area_id"], unique=False)
        batch_op.create_index("ix_organizations_area_type", ["area_id", "type_code"], unique=False)

    op.create_table(
        "totals",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("indicator_code", sa.String(length=60), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("value", base.ExactDecimal(), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("over", sa.Integer(), nullable=False),
        sa.Column("nearly", sa.Integer(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_totals_area_id")),
        sa.ForeignKeyConstraint(["indicator_code"], ["indicators.code"], name=op.f("fk_totals_indicator_code")),
        sa.PrimaryKeyConstraint("order_id", "indicator_code", "area_id", name=op.f("pk_totals")),
    )
    op.create_table(
        "orders",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_fold", sa.String(length=1000), nullable=False),
        sa.Column("topic_code", sa.String(length=60), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("issuer_id", sa.String(length=32), nullable=False),
        sa.Column("focal_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("ro_nguoi", sa.Text(), nullable=True),
        sa.Column("ro_viec", sa.Text(), nullable=True),
        sa.Column("ro_thoi_gian", sa.Text(), nullable=True),
        sa.Column("ro_trach_nhiem", sa.Text(), nullable=True),
        sa.Column("ro_tham_quyen", sa.Text(), nullable=True),
        sa.Column("ro_san_pham", sa.Text(), nullable=True),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("due_at", base.UTCDateTime(), nullable=True),
        sa.Column("progress", sa.String(length=20), nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.Column("signed_at", base.UTCDateTime(), nullable=True),
        sa.Column("submitted_at", base.UTCDateTime(), nullable=True),
        sa.Column("closed_at", base.UTCDateTime(), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("illustrative", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_orders_area_id")),
        sa.ForeignKeyConstraint(["focal_id"], ["organizations.id"], name=op.f("fk_orders_focal_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["organizations.id"], name=op.f("fk_orders_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_focal_id"), ["focal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_issuer_id"), ["issuer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_topic_code"), ["topic_code"], unique=False)

    op.create_table(
        "posts",
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.Column("contact", sa.String(length=100), nullable=True),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_fold", sa.String(length=600), nullable=False),
        sa.Column("name_sort", sa.String(length=1500), nullable=False),
        sa.Column("valid_from", base.UTCDateTime(), nullable=True),
        sa.Column("valid_to", base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_posts_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posts_organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "relations",
        sa.Column("from_id", sa.String(length=32), nullable=False),
        sa.Column("to_id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("valid_from", base.UTCDateTime(), nullable=True),
        sa.Column("valid_to", base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["organizations.id"], name=op.f("fk_relations_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["organizations.id"], name=op.f("fk_relations_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
    )
    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relations_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relations_to_id"), ["to_id"], unique=False)

    op.create_table(
        "stocks",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("indicator_code", sa.String(length=60), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.Column("figure_id", sa.String(length=32), nullable=True),
        sa.Column("value", base.ExactDecimal(), nullable=False),
        sa.Column("qualifier", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_stocks_area_id")),
        sa.ForeignKeyConstraint(["indicator_code"], ["indicators.code"], name=op.f("fk_stocks_indicator_code")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_stocks_organization_id")),
        sa.PrimaryKeyConstraint("order_id", "indicator_code", "area_id", "organization_id", name=op.f("pk_stocks")),
    )
    op.create_table(
        "assignments",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("progress", sa.String(length=20), nullable=False),
        sa.Column("due_at", base.UTCDateTime(), nullable=True),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.Column("submitted_at", base.UTCDateTime(), nullable=True),
        sa.Column("closed_at", base.UTCDateTime(), nullable=True),
        sa.Column("returned_at", base.UTCDateTime(), nullable=True),
        sa.Column("nothing_to_report", sa.Boolean(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("urged_at", base.UTCDateTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("replaced_by_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_assignments_area_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_assignments_order_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_assignments_organization_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["assignments.id"], name=op.f("fk_assignments_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_assignments_party", ["organization_id", "order_id"], unique=False)
        batch_op.create_index(
            "uq_assignments_one_lead",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("part = 'lead' AND progress NOT IN ('tu_choi', 'huy')"),
            postgresql_where=sa.text("part = 'lead' AND progress NOT IN ('tu_choi', 'huy')"),
        )

    op.create_table(
        "order_indicators",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("indicator_code", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("target", base.ExactDecimal(), nullable=True),
        sa.Column("reported_at", sa.String(length=20), nullable=False),
        sa.Column("topic_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicators.code"], name=op.f("fk_order_indicators_indicator_code")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_indicators_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_indicators")),
    )
    with op.batch_alter_table("order_indicators", schema=None) as batch_op:
        batch_op.create_index("uq_order_indicators_order", ["order_id", "indicator_code"], unique=True)

    op.create_table(
        "persons",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("last_post_id", sa.String(length=32), nullable=True),
        sa.Column("disabled_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_fold", sa.String(length=600), nullable=False),
        sa.Column("name_sort", sa.String(length=1500), nullable=False),
        sa.ForeignKeyConstraint(["last_post_id"], ["posts.id"], name=op.f("fk_persons_last_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("login", name=op.f("uq_persons_login")),
    )
    op.create_table(
        "post_roles",
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_roles_post_id")),
        sa.PrimaryKeyConstraint("post_id", "role", name=op.f("pk_post_roles")),
    )
    with op.batch_alter_table("post_roles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_roles_role"), ["role"], unique=False)

    op.create_table(
        "receivers",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_receivers_order_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_receivers_organization_id")),
        sa.PrimaryKeyConstraint("order_id", "organization_id", name=op.f("pk_receivers")),
    )
    op.create_table(
        "targets",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("indicator_code", sa.String(length=60), nullable=False),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("value", base.ExactDecimal(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_targets_area_id")),
        sa.ForeignKeyConstraint(["indicator_code"], ["indicators.code"], name=op.f("fk_targets_indicator_code")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_targets_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
    )
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_targets_order_id"), ["order_id"], unique=False)

    op.create_table(
        "topics",
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("progress", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_topics_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topics_order_id"), ["order_id"], unique=False)

    op.create_table(
        "api_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.Column("expires_at", base.UTCDateTime(), nullable=False),
        sa.Column("seen_at", base.UTCDateTime(), nullable=True),
        sa.Column("revoked_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_api_tokens_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_api_tokens_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_person_id"), ["person_id"], unique=False)

    op.create_table(
        "event_records",
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("assignment_id", sa.String(length=32), nullable=True),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("not_held_reason", sa.String(length=300), nullable=True),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("recorded_at", base.UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", base.UTCDateTime(), nullable=True),
        sa.Column("merged_into_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_event_records_area_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_event_records_assignment_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_event_records_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_records")),
    )
    with op.batch_alter_table("event_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_records_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index("ix_event_records_order", ["order_id", "held_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_records_task_id"), ["task_id"], unique=False)

    op.create_table(
        "extensions",
        sa.Column("assignment_id", sa.String(length=32), nullable=False),
        sa.Column("requested_at", base.UTCDateTime(), nullable=False),
        sa.Column("requested_by", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("old_due_at", base.UTCDateTime(), nullable=True),
        sa.Column("new_due_at", base.UTCDateTime(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decided_at", base.UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_extensions_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    with op.batch_alter_table("extensions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extensions_assignment_id"), ["assignment_id"], unique=False)

    op.create_table(
        "holders",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("valid_from", base.UTCDateTime(), nullable=True),
        sa.Column("valid_to", base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_holders_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_holders_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holders")),
        sa.UniqueConstraint("person_id", "post_id", "valid_from", name=op.f("uq_holders_person_id_post_id_valid_from")),
    )
    with op.batch_alter_table("holders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holders_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_holders_post_id"), ["post_id"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_idempotency_keys_person_id")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_idempotency_keys")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_keys_at"), ["at"], unique=False)

    op.create_table(
        "instances",
        sa.Column("definition_id", sa.String(length=32), nullable=False),
        sa.Column("process_id", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("assignment_id", sa.String(length=32), nullable=True),
        sa.Column("organization_id", sa.String(length=32), nullable=True),
        sa.Column("area_id", sa.String(length=32), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("starter_id", sa.String(length=32), nullable=True),
        sa.Column("starter_organization_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
        sa.Column("passed", base.Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", base.UTCDateTime(), nullable=False),
        sa.Column("ended_at", base.UTCDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_instances_area_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_instances_assignment_id")),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name=op.f("fk_instances_definition_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_instances_order_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_instances_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instances")),
    )
    with op.batch_alter_table("instances", schema=None) as batch_op:
        batch_op.create_index("ix_instances_assignment", ["assignment_id"], unique=False)
        batch_op.create_index("ix_instances_order", ["order_id", "state"], unique=False)
        batch_op.create_index("ix_instances_process", ["process_id", "state"], unique=False)

    op.create_table(
        "notices",
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("organization_id", sa.String(length=32), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("fact", sa.String(length=60), nullable=False),
        sa.Column("facts", base.Json, nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("mailed_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_notices_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_notices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_organization", ["organization_id", "role", "at"], unique=False)
        batch_op.create_index("ix_notices_person", ["person_id", "at"], unique=False)
        batch_op.create_index(
            "ix_notices_unmailed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("mailed_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL"),
        )

    op.create_table(
        "notification_reads",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("until", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_notification_reads_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notification_reads")),
    )
    op.create_table(
        "substitutions",
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("absent_id", sa.String(length=32), nullable=False),
        sa.Column("substitute_id", sa.String(length=32), nullable=False),
        sa.Column("valid_from", base.UTCDateTime(), nullable=False),
        sa.Column("valid_to", base.UTCDateTime(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["absent_id"], ["persons.id"], name=op.f("fk_substitutions_absent_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_substitutions_post_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["persons.id"], name=op.f("fk_substitutions_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitutions")),
    )
    with op.batch_alter_table("substitutions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_substitutions_substitute_id"), ["substitute_id"], unique=False)

    op.create_table(
        "watches",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_watches_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_watches_person_id")),
        sa.PrimaryKeyConstraint("person_id", "order_id", name=op.f("pk_watches")),
    )
    op.create_table(
        "web_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.Column("seen_at", base.UTCDateTime(), nullable=False),
        sa.Column("ended_at", base.UTCDateTime(), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=True),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_web_sessions_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_web_sessions_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_sessions_token_hash")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_sessions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "claims",
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event_records.id"], name=op.f("fk_claims_event_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_claims_organization_id")),
        sa.PrimaryKeyConstraint("event_id", "organization_id", name=op.f("pk_claims")),
    )
    op.create_table(
        "figures",
        sa.Column("indicator_code", sa.String(length=60), nullable=False),
        sa.Column("value", base.ExactDecimal(), nullable=False),
        sa.Column("qualifier", sa.String(length=10), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("assignment_id", sa.String(length=32), nullable=True),
        sa.Column("event_id", sa.String(length=32), nullable=True),
        sa.Column("area_id", sa.String(length=32), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("entered_at", base.UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=32), nullable=True),
        sa.Column("entered_as", sa.String(length=300), nullable=False),
        sa.Column("amends_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("folded_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["amends_id"], ["figures.id"], name=op.f("fk_figures_amends_id")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_figures_area_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_figures_assignment_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event_records.id"], name=op.f("fk_figures_event_id")),
        sa.ForeignKeyConstraint(["indicator_code"], ["indicators.code"], name=op.f("fk_figures_indicator_code")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_figures_order_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_figures_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures")),
        sa.UniqueConstraint("amends_id", name=op.f("uq_figures_amends_id")),
    )
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_figures_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index("ix_figures_day", ["order_id", "indicator_code", "held_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_figures_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_figures_leaf", ["order_id", "indicator_code", "area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_figures_task_id"), ["task_id"], unique=False)
        batch_op.create_index(
            "ix_figures_unfolded",
            ["id"],
            unique=False,
            sqlite_where=sa.text("folded_at IS NULL"),
            postgresql_where=sa.text("folded_at IS NULL"),
        )

    op.create_table(
        "incidents",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("held", base.Json, nullable=False),
        sa.Column("opened_at", base.UTCDateTime(), nullable=False),
        sa.Column("resolved_at", base.UTCDateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_incidents_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "kept_apart",
        sa.Column("one_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["one_id"], ["event_records.id"], name=op.f("fk_kept_apart_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["event_records.id"], name=op.f("fk_kept_apart_other_id")),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_kept_apart")),
    )
    op.create_table(
        "mails",
        sa.Column("notification_id", sa.String(length=32), nullable=False),
        sa.Column("to", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", base.UTCDateTime(), nullable=False),
        sa.Column("sent_at", base.UTCDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", base.UTCDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["notification_id"], ["notices.id"], name=op.f("fk_mails_notification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("notification_id", "to", name=op.f("uq_mails_notification_id_to")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mails_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "messages",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("sender_id", sa.String(length=32), nullable=True),
        sa.Column("sender_assignment_id", sa.String(length=32), nullable=True),
        sa.Column("assignment_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("payload", base.Json, nullable=False),
        sa.Column("sent_at", base.UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("delivered_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_messages_assignment_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_messages_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_assignment", ["assignment_id", "state", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_messages_pending", ["state", "id"], unique=False)
        batch_op.create_index("ix_messages_receiver", ["instance_id", "state", "name"], unique=False)
        batch_op.create_index("ix_messages_sender", ["sender_assignment_id", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_sender_id"), ["sender_id"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("collect", sa.String(length=20), nullable=True),
        sa.Column("opened_at", base.UTCDateTime(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_subscriptions_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriptions_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("process_id", sa.String(length=100), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=100), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("progress", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("organization_id", sa.String(length=32), nullable=True),
        sa.Column("offered_to_id", sa.String(length=32), nullable=True),
        sa.Column("assigner_id", sa.String(length=32), nullable=True),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("order_number", sa.String(length=60), nullable=True),
        sa.Column("assignment_id", sa.String(length=32), nullable=True),
        sa.Column("part", sa.String(length=20), nullable=True),
        sa.Column("area_id", sa.String(length=32), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("reason", base.Json, nullable=False),
        sa.Column("holder_id", sa.String(length=32), nullable=True),
        sa.Column("holder_title", sa.String(length=300), nullable=True),
        sa.Column("claimed_at", base.UTCDateTime(), nullable=True),
        sa.Column("helper_id", sa.String(length=32), nullable=True),
        sa.Column("helper_title", sa.String(length=300), nullable=True),
        sa.Column("helper_due_at", base.UTCDateTime(), nullable=True),
        sa.Column("opened_at", base.UTCDateTime(), nullable=False),
        sa.Column("due_at", base.UTCDateTime(), nullable=True),
        sa.Column("due_sort", base.UTCDateTime(), nullable=False),
        sa.Column("closed_at", base.UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("closed_title", sa.String(length=300), nullable=True),
        sa.Column("urged_at", base.UTCDateTime(), nullable=True),
        sa.Column("remind_at", base.UTCDateTime(), nullable=True),
        sa.Column("remind_step", sa.Integer(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("drafted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_tasks_assignment_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_tasks_instance_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_tasks_order_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_tasks_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("instance_id", "key", name=op.f("uq_tasks_instance_id_key")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_assigner", ["assigner_id", "state", "due_sort", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index("ix_tasks_helper", ["helper_id", "state"], unique=False)
        batch_op.create_index("ix_tasks_holder", ["holder_id", "state", "due_sort", "id"], unique=False)
        batch_op.create_index("ix_tasks_inbox", ["organization_id", "state", "due_sort", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index("ix_tasks_offered", ["offered_to_id", "state", "due_sort"], unique=False)
        batch_op.create_index("ix_tasks_order", ["order_id", "state"], unique=False)
        batch_op.create_index(
            "ix_tasks_remind",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open' AND remind_at IS NOT NULL"),
            postgresql_where=sa.text("state = 'open' AND remind_at IS NOT NULL"),
        )

    op.create_table(
        "timers",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("due_at", base.UTCDateTime(), nullable=False),
        sa.Column("fired_at", base.UTCDateTime(), nullable=True),
        sa.Column("cancelled_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_timers_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
    )
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_timers_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("fired_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("fired_at IS NULL AND cancelled_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_timers_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("assignment_id", sa.String(length=32), nullable=True),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("field", sa.String(length=100), nullable=True),
        sa.Column("removed_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_attachments_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_task_id"), ["task_id"], unique=False)

    op.create_table(
        "comments",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("author", sa.String(length=300), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=True),
        sa.Column("replaces_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_comments_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comments_task_id"), ["task_id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("answers", base.Json, nullable=False),
        sa.Column("saved_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_drafts_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_drafts_task_id")),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "submissions",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("assignment_id", sa.String(length=32), nullable=True),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("answers", base.Json, nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("post_id", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_submissions_instance_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_submissions_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index("ix_submissions_element", ["instance_id", "element", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_task_id"), ["task_id"], unique=False)
    op.execute("INSERT INTO audit_tip (id, seq, chain) VALUES (1, 0, '" + "0" * 64 + "')")
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
