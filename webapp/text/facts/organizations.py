"""Sentences about areas, organizations, posts and their holders."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "level:added": S("{who} thêm cấp[ {name}]", "{who} added a level[ {name}]", "plus-lg"),
    "area:added": S("{who} thêm địa bàn[ {after_name}]", "{who} added an area[ {after_name}]", "geo-alt"),
    "area:ended": S("{who} kết thúc địa bàn[: {reason}]", "{who} ended an area[: {reason}]", "geo-alt"),
    "organization_type:added": S(
        "{who} thêm loại đơn vị[ {name}]", "{who} added a kind of organization[ {name}]", "plus-lg"
    ),
    "organization:added": S(
        "{who} thêm đơn vị[ {after_name}]", "{who} added an organization[ {after_name}]", "diagram-3"
    ),
    "organization:ended": S(
        "{who} kết thúc đơn vị[: {reason}]", "{who} ended an organization[: {reason}]", "diagram-3"
    ),
    "post:added": S("{who} thêm chức danh[ {after_name}]", "{who} added a post[ {after_name}]", "person-workspace"),
    "post:ended": S("{who} kết thúc chức danh[: {reason}]", "{who} ended a post[: {reason}]", "person-workspace"),
    "holder:added": S("{who} giao chức danh cho một người", "{who} gave a post to a person", "people"),
    "holder:ended": S(
        "{who} kết thúc việc giữ chức danh[: {reason}]", "{who} ended the holding of a post[: {reason}]", "people"
    ),
    "relation:added": S("{who} thêm quan hệ giữa hai đơn vị", "{who} related two organizations", "link-45deg"),
    "relation:ended": S("{who} kết thúc quan hệ[: {reason}]", "{who} ended a relation[: {reason}]", "link-45deg"),
    "lineage:recorded": S(
        "{who} ghi nhận sắp xếp đơn vị[: {document}]", "{who} recorded a reorganization[: {document}]", "diagram-3"
    ),
}
