// Tabs after the pattern of WAI-ARIA: arrows move between them, one is in the tab order.
export function watchTabs(box, opened) {
  const tabs = [...box.querySelectorAll("[role=tab]")];
  const open = (tab, focus) => {
    for (const one of tabs) {
      const chosen = one === tab;
      one.setAttribute("aria-selected", String(chosen));
      one.tabIndex = chosen ? 0 : -1;
      document.getElementById(one.getAttribute("aria-controls")).hidden = !chosen;
    }
    if (focus) tab.focus();
    opened(tab.dataset.tab);
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step) open(tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length], true);
    });
  }
  return (name, focus = false) => open(tabs.find((tab) => tab.dataset.tab === name), focus);
}
