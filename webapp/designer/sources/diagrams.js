// Loads the viewer when a diagram is first seen, so that pages whose diagram stays folded pay nothing for it.
/* global VIEWER, VIEWER_STYLE */
const seen = new WeakSet();
const inView = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
});

export function watchDiagrams() {
  observe();
  document.addEventListener("htmx:after:swap", observe);
}

function observe() {
  for (const frame of document.querySelectorAll("[data-diagram]")) if (!seen.has(frame)) inView.observe(frame);
}

async function draw(frame) {
  if (seen.has(frame)) return;
  seen.add(frame);
  inView.unobserve(frame);
  await style();
  const viewer = await import(new URL(VIEWER, import.meta.url).href);
  await viewer.show(frame);
}

function style() {
  const href = new URL(VIEWER_STYLE, import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return null;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  const loaded = new Promise((resolve) => link.addEventListener("load", resolve));
  document.head.append(link);
  return loaded;
}
