"""Stories of the order: drafted, signed, refused, accepted or not, withdrawn."""

from tests.play import Story


def test_an_order_travels_to_the_quarters_and_its_figures_come_back(story: Story) -> None:
    order = story.until("nghiem_thu")
    assert story.steps(order) == {"nghiem_thu"}
    story.play(order, frm="nghiem_thu")
    assert story.open_steps() == []
    assert set(story.progress(order).values()) == {"hoan_thanh"}
