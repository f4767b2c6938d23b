"""The pages of the inbox."""

from flask import render_template, request

from webapp.auth import current_actor, signed_in
from webapp.tasks import inbox, queries
from webapp.tasks.blueprint import blueprint
from webapp.tasks.filters import PARTS, Filters
from webapp.tasks.news import mark_of, pause
from webapp.transaction import reading

TITLES = {
    "mine": "Việc của tôi",
    "todo": "Việc cần xử lý",
    "given": "Việc đã giao",
    "coordinating": "Việc phối hợp",
    "watched": "Việc theo dõi",
    "done": "Đã xong",
}
LEADS = {
    "mine": "{n} việc quý vị đang giữ hoặc được nhờ",
    "todo": "{n} việc của {organization}",
    "given": "{n} việc {organization} đã giao",
    "coordinating": "{n} việc {organization} phối hợp",
    "watched": "{n} việc của các đặt hàng quý vị theo dõi",
}


@blueprint.get("/tasks")
def index() -> str:
    """Show one list of the inbox."""
    filters, actor = Filters.read(request.args), current_actor()
    opened = bool(request.args.get("filters")) or filters.is_narrowed_further
    with reading() as session:
        page = inbox.read(session, actor, filters)
        return render_template(
            "tasks/index.html",
            page=page,
            filters=filters,
            titles=TITLES,
            leads=LEADS,
            opened=opened,
            orders=session.execute(queries.orders_in(actor)).all() if opened else (),
            bodies=session.execute(queries.organizations_given_work(actor)).all()
            if opened and filters.view == "given"
            else (),
            parts=PARTS,
            organization=signed_in().post.organization,  # type: ignore[union-attr]
            news_mark=mark_of(session),
            pause=pause(),
        )
