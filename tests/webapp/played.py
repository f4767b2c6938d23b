"""The environment order played as far as the quarters: every stage of a task page has something to show."""

from datetime import UTC, datetime
from typing import Any

from engine.clock import ManualClock
from models.database import Database
from tests.play import Story
from tests.world import World

BEGINNING = datetime(2018, 9, 3, 1, 10, tzinfo=UTC)
CLARITIES = {
    "ro_nguoi": "Cơ quan khối là đầu mối",
    "ro_viec": "Dọn vệ sinh, khơi thông suối ở các phường, xã",
    "ro_thoi_gian": "Hằng tuần, đến hết tháng 10",
    "ro_trach_nhiem": "Hội LHPN chủ trì",
    "ro_tham_quyen": "Trưởng Cơ quan khối quyết định",
    "ro_san_pham": "Báo cáo kết quả kèm ảnh",
}
ORDER: dict[str, Any] = {
    "title": "Vệ sinh môi trường, Ngày chủ nhật xanh",
    "topic_code": "environment",
    "due_on": "30/10/2018",
    "indicators": ["green_turns", "green_roads", "green_waste_t"],
    **CLARITIES,
}


def play(database: Database, world: World) -> None:
    """Play until the quarters have their work and one more order is being drafted."""
    story = Story(database, ManualClock(at=BEGINNING), world)
    order = story.order()
    answer = story.answer
    answer("vp.ubnd", "draft_order", order, **ORDER)
    answer("lanhdao.ubnd", "sign_order", order, decision="sign")
    answer("truong.khoi", "accept_order", order, decision="accept")
    coordinators = [world.farmers, world.youth]
    answer("truong.khoi", "assign_lead", order, lead=world.women, coordinators=coordinators, due_on="25/10/2018")
    answer("phunu", "accept_lead", order, decision="accept")
    localities = [world.ward_front, world.commune_front]
    answer("phunu", "draft_plan", order, content="Kế hoạch ra quân", localities=localities, milestones="Mỗi tuần")
    answer("nongdan", "answer_coordination", order, decision="agree", own_part="Vận động hội viên")
    answer("thanhnien", "answer_coordination", order, decision="agree", own_part="Ra quân chủ nhật xanh")
    answer("phunu", "submit_plan", order)
    answer("truong.khoi", "approve_plan", order, decision="approve")
    answer("phunu", "roll_out", order, localities=localities)
    answer("mttq.phuong", "accept_locality", order, decision="accept")
    quarters = [world.quarter1_body, world.quarter2_body, world.quarter3_body]
    answer("mttq.phuong", "assign_locality", order, localities=quarters)
    story.order()
