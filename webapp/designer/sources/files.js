// A file field that is not shown says which files were chosen.
export function watchFiles() {
  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.(".file-in")) return;
    const names = [...target.files].map((file) => file.name);
    target.classList.toggle("has-files", names.length > 0);
    target.classList.toggle("has-none", names.length === 0);
    const said = target.parentElement.querySelector("[data-file-names]");
    if (said && names.length) said.textContent = names.join(", ");
  });
}
